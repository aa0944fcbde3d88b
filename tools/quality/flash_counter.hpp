#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "tools/quality/finding.hpp"

namespace riverlight::quality {

/// Finds the sequences of flashes that Rec. ITU-R BT.1702-3, Annex 1 does not permit, from the changes of
/// each point. A flash is a pair of opposing changes within one second. A sequence is not permitted if the
/// flashes that occur together cover more than a quarter of the picture and there are more than three in a
/// second. Flashes of points within 100 ms are one flash of the picture. It begins when half of its points
/// had begun, so that a corner that moved earlier does not decide the time.
class FlashCounter {
  public:
    explicit FlashCounter(std::size_t points);
    /// A point has changed, in the opposite direction to its last change. picture_done() follows with the
    /// same time.
    void add_change(std::size_t point, std::chrono::microseconds at);
    void picture_done(std::chrono::microseconds at);
    /// The sequences that are not permitted, in order; those that touch are joined.
    [[nodiscard]] const std::vector<Stretch>& found() const { return found_; }

  private:
    using Time = std::chrono::microseconds;
    static constexpr Time never{-3'600'000'000};
    struct Point {
        Time begun = never;    ///< the first change of a pair; never: none is open
        Time from = never;     ///< when the last pair began
        Time flashed = never;  ///< when it was complete
    };
    struct Flash {
        Time from, until;
    };
    void add_flash(const Flash& flash);
    void gather_points(Time at);

    std::vector<Point> points_;
    bool completed_ = false;    ///< this picture completes a pair
    std::vector<Time> begun_;   ///< scratch: when the pairs of one flash began
    std::deque<Flash> recent_;  ///< of the last second
    std::vector<Stretch> found_;
};

}  // namespace riverlight::quality
