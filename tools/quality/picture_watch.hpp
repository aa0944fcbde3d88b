#pragma once
#include "tools/quality/flash_watch.hpp"

namespace riverlight::quality {

/// Weighs the pictures of a video: flashes (refused), black inside for half a second or more and at either
/// end for two, and pictures that stand still for five (noted). One thread.
class PictureWatch {
  public:
    /// Pictures in order, each with its time from the first.
    void see(std::chrono::microseconds at, const player::Grid& picture);
    /// After the last one, which is shown until `end`. Findings without `where`, in order of time.
    [[nodiscard]] std::vector<Finding> finish(std::chrono::microseconds end);

  private:
    using Time = std::chrono::microseconds;
    void black_ends(Time at, bool last);
    void still_ends(Time at);

    FlashWatch flashes_;
    std::vector<std::uint8_t> held_;  ///< the first picture of those that are alike
    Time still_since_{};
    bool black_ = false, any_ = false;
    Time black_since_{};
    std::vector<Finding> findings_;
};

}  // namespace riverlight::quality
