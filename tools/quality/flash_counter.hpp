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
/// comes later is a change by itself. Flashes of points within 100 ms are one of the picture.
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
        Time flashed = never;  ///< when the last pair was complete
    };
    struct Flash {
        Time from, until;
    };
    void flash(const Flash& flash);

    std::vector<Point> points_;
    std::size_t completed_ = 0;  ///< pairs that this picture completes
    Time earliest_{};            ///< when the first of them began
    std::deque<Flash> recent_;   ///< of the last second
    std::vector<Stretch> found_;
};

}  // namespace riverlight::quality
