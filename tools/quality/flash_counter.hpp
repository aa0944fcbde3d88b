#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "tools/quality/finding.hpp"

namespace riverlight::quality {

/// Rec. ITU-R BT.1702-3, Annex 1: a flash is a pair of opposing changes; a sequence of flashes is not
/// permitted where those that occur together cover more than a quarter of the picture and there are more than
/// three in a second. Told of each point's changes, it finds those sequences. Pairs lie within a second: what
/// comes later is a change by itself. Flashes of points within 100 ms are one of the picture; it begins where
/// half of them had begun, so that a corner which moved before does not say when.
class FlashCounter {
  public:
    explicit FlashCounter(std::size_t points);
    /// A point has changed, in the other direction than the last time. Then picture_done() with the same
    /// time.
    void changed(std::size_t point, std::chrono::microseconds at);
    void picture_done(std::chrono::microseconds at);
    /// The sequences that are not permitted, in order, those that touch joined.
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
    void flash(const Flash& flash);
    void gather(Time at);

    std::vector<Point> points_;
    bool completed_ = false;    ///< whether this picture completes a pair
    std::vector<Time> begun_;   ///< scratch: when the pairs of one flash began
    std::deque<Flash> recent_;  ///< of the last second
    std::vector<Stretch> found_;
};

}  // namespace riverlight::quality
