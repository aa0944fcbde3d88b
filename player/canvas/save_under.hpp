#pragma once
#include <cstdint>
#include <vector>

#include "player/av/picture.hpp"

namespace riverlight::player {

/// An area of a picture: columns [left, right), rows [top, bottom); all even.
struct Rect {
    int left = 0, top = 0, right = 0, bottom = 0;
    [[nodiscard]] bool empty() const { return left >= right || top >= bottom; }
};

/// Saves areas of a picture before overlays are blended over them, to restore them later. Reuses its memory.
class SaveUnder {
  public:
    /// Saves an area, clipped to the picture. Areas may overlap: save them all before drawing over any.
    void save(const Picture& picture, Rect area);
    /// Restores the saved areas into the picture they are of, and clears them.
    void restore(Picture& picture);
    void clear() { areas_.clear(); }

  private:
    std::vector<Rect> areas_;
    std::vector<std::uint8_t> bytes_;  ///< of each area: luma, then both chroma planes, row by row
};

}  // namespace riverlight::player
