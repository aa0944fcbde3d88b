#pragma once
#include <chrono>
#include <cstdint>

#include "player/av/av.hpp"

/// When each frame is seen, counted in a display's vertical blanks. Pure.
namespace riverlight::player {

using Moment = std::chrono::steady_clock::time_point;

/// At which vertical blank each outlet frame begins: the first that is not before the frame's own time. Whole
/// numbers only, so that 25 on 60 Hz is 2, 3, 2, 2, 3 … and the same after a year.
class Cadence {
  public:
    /// Frame `frame` begins at blank `blank`; `refresh` blanks and `beat` frames a second.
    Cadence(Ratio refresh, Ratio beat, std::int64_t frame, std::int64_t blank);
    [[nodiscard]] std::int64_t blank_of(std::int64_t frame) const;

  private:
    std::int64_t up_, down_;  ///< blanks a frame as a fraction in lowest terms
    std::int64_t frame_, blank_;
};

/// When the display's vertical blanks are: by the driver's count where it has one, by the mode's refresh rate
/// where it has none (emulated displays) or where the display is away.
class BlankClock {
  public:
    /// Blank number `blank` was or is at `at`.
    BlankClock(Ratio refresh, std::int64_t blank, Moment at);
    /// The driver counted `blank` at `at`. Rates further than a percent from the mode's are not believed.
    void observe(std::int64_t blank, Moment at);
    [[nodiscard]] Moment time_of(std::int64_t blank) const;
    /// The last at or before `at`.
    [[nodiscard]] std::int64_t blank_at(Moment at) const;

  private:
    double nominal_ns_, period_ns_;
    std::int64_t base_blank_, blank_;  ///< measured from the base; the last seen
    Moment base_at_, at_;
};

}  // namespace riverlight::player
