#pragma once
#include <cstdint>
#include <vector>

#include "player/av/av.hpp"

namespace riverlight::player {

/// A part of a picture: columns [left, right), rows [top, bottom); all even.
struct Part {
    int left = 0, top = 0, right = 0, bottom = 0;
    [[nodiscard]] bool empty() const { return left >= right || top >= bottom; }
};

/// What parts of a picture looked like, to be put back. Its memory is kept for the next.
class Cover {
  public:
    /// Cut to the picture; parts may overlap, all are kept before anything is laid over them.
    void keep(const Picture& picture, Part part);
    /// Into the picture that they are of; then there are none.
    void put_back(Picture& picture);
    /// There are none.
    void forget() { kept_.clear(); }

  private:
    std::vector<Part> kept_;
    std::vector<std::uint8_t> bytes_;  // of each: luma, then both chroma planes, row by row
};

}  // namespace riverlight::player
