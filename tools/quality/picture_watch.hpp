#pragma once
#include "tools/quality/flash_watch.hpp"

namespace riverlight::quality {

/// Checks the pictures of a video. Flashes refuse a build; it notes black for half a second or more inside
/// and two seconds at either end, and pictures that do not move for five seconds. One thread.
class PictureWatch {
  public:
    /// Pictures in order, each with its time from the first.
    void add(std::chrono::microseconds at, const player::Grid& picture);
    /// The findings in order of time, after the last picture, which is shown until `end`. `where` is empty.
    [[nodiscard]] std::vector<SegmentFinding> finish(std::chrono::microseconds end);

  private:
    using Time = std::chrono::microseconds;
    void end_black(Time at, bool last);
    void end_still(Time at);

    FlashWatch flashes_;
    std::vector<std::uint8_t> still_;  ///< the first of the pictures that look alike
    Time still_since_{};
    bool black_ = false, any_ = false;
    Time black_since_{};
    std::vector<SegmentFinding> findings_;
};

}  // namespace riverlight::quality
