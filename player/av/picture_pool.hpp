#pragma once
#include <cstddef>
#include <mutex>
#include <vector>

#include "player/av/picture.hpp"

namespace riverlight::player {

/// Keeps the memory of a few pictures for reuse, so that a decoder does not allocate for every frame. Any
/// thread.
class PicturePool {
  public:
    static constexpr std::size_t max_kept = 2;
    /// Keeps the picture's memory, unless the pool is full.
    void put(Picture picture);
    /// A picture with memory and undefined content; an empty picture where the pool has none.
    [[nodiscard]] Picture take();

  private:
    std::mutex mutex_;
    std::vector<Picture> kept_;  ///< guarded by mutex_
};

}  // namespace riverlight::player
