#pragma once
#include <chrono>
#include <cstdint>

#include "player/av/ratio.hpp"

/// When each frame is seen, in vertical blanks of a display. Pure.
namespace riverlight::player {

/// CLOCK_MONOTONIC to the nanosecond, as the driver stamps vertical blanks.
using SteadyTime = std::chrono::steady_clock::time_point;

/// At which vertical blank each outlet frame begins: the first that is not before the frame's own time.
/// Computed in whole numbers, so that 25 frames on 60 Hz last 2, 3, 2, 2, 3 … blanks, also after a year.
class Cadence {
  public:
    /// Frame `frame` begins at blank `vblank`. `refresh`: blanks a second; `frame_rate`: frames a second.
    Cadence(Ratio refresh, Ratio frame_rate, std::int64_t frame, std::int64_t vblank);
    [[nodiscard]] std::int64_t vblank_of(std::int64_t frame) const;

  private:
    std::int64_t blanks_, frames_;  ///< so many blanks last so many frames, in lowest terms
    std::int64_t first_frame_, first_vblank_;
};

/// When the display's vertical blanks are: by the driver's counter, or by the mode's refresh rate if there is
/// no counter (emulated displays) or no display.
class VblankClock {
  public:
    /// Blank `vblank` is at `at`.
    VblankClock(Ratio refresh, std::int64_t vblank, SteadyTime at);
    /// The driver counted `vblank` at `at`. A measured rate that differs from the mode's by more than 1 % is
    /// ignored.
    void observe(std::int64_t vblank, SteadyTime at);
    [[nodiscard]] SteadyTime time_of(std::int64_t vblank) const;
    /// The last blank at or before `at`.
    [[nodiscard]] std::int64_t vblank_at(SteadyTime at) const;

  private:
    using Period = std::chrono::duration<double, std::nano>;
    struct Observation {
        std::int64_t vblank;
        SteadyTime at;
    };
    Period nominal_, period_;  ///< the mode's; the measured one
    Observation base_, last_;  ///< the rate is measured from base_ to last_
};

}  // namespace riverlight::player
