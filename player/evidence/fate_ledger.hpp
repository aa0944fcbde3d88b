#pragma once
#include <cstdint>
#include <mutex>
#include <set>

namespace riverlight::player {

/// What became of a frame that an outlet was given.
enum class FrameFate {
    pending,  ///< it is on its way
    left,     ///< all of it left: every datagram was sent, or the display flipped to it
    lost,     ///< part of it never left, or nobody can have seen it
};

/// What became of the frames of one output, by their numbers. Frames are settled in order, and asked for in
/// order. Any thread.
class FateLedger {
  public:
    /// All frames before `end` left that were not lost.
    void settle_before(std::int64_t end);
    /// Frames [first, end) are lost, settled or not.
    void lose(std::int64_t first, std::int64_t end);
    [[nodiscard]] FrameFate fate_of(std::int64_t frame) const;

  private:
    mutable std::mutex mutex_;
    // guarded by mutex_
    std::int64_t settled_ = 0;
    std::set<std::int64_t> lost_;  ///< the latest: nobody asks for older ones
};

}  // namespace riverlight::player
