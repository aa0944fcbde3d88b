#pragma once
#include <chrono>
#include <cstdint>

#include "content/base/instant.hpp"
#include "player/av/ratio.hpp"

namespace riverlight::player {

/// Both clocks, read at the same moment. The monotonic one has nanoseconds, because a feed is steered by less
/// than a microsecond a frame.
struct ClockSample {
    std::chrono::steady_clock::time_point steady;
    Instant utc;
};

/// The clocks that an outlet's loop runs by.
class Clocks {
  public:
    virtual ~Clocks() = default;
    [[nodiscard]] virtual ClockSample now() const = 0;
    virtual void sleep_until(std::chrono::steady_clock::time_point time) = 0;
};

/// The system's clocks. Reads both again where the thread was interrupted between the two.
class SystemClocks final : public Clocks {
  public:
    [[nodiscard]] ClockSample now() const override;
    void sleep_until(std::chrono::steady_clock::time_point time) override;
};

/// Simulated clocks: time passes only in sleep_until(), which returns at once. For `--fast` and tests.
class FastClocks final : public Clocks {
  public:
    explicit FastClocks(ClockSample begin) : now_(begin) {}
    [[nodiscard]] ClockSample now() const override { return now_; }
    void sleep_until(std::chrono::steady_clock::time_point time) override;

  private:
    ClockSample now_;
};

/// When an outlet's frames are due, and when viewers see them. Frames are paced by the monotonic clock. Where
/// the wall clock is set, instants follow at once, so that an item with a start meets it. An outlet with a
/// grid is also steered, by at most 25 millionths, until its grid points fall on whole multiples of the
/// grid's length in UTC again (13818-1, 2.4.2.1, allows 30). Steering neither loses nor repeats a frame, and
/// changes no timestamp. One thread.
class OutletClock {
  public:
    struct Timing {
        Ratio rate{25, 1};                  ///< frames a second
        int grid = 1;                       ///< frames from one grid point to the next; 1: no grid
        int frames_ahead = 0;               ///< frames written before the first packet leaves
        std::chrono::microseconds delay{};  ///< from the first packet to when the first frame is seen
    };
    /// `clocks` outlives this object.
    OutletClock(const Timing& timing, Clocks& clocks);

    /// When viewers see a frame, by the wall clock as it is set now.
    [[nodiscard]] Instant instant_of(std::int64_t frame) const;
    /// When a frame is to be written.
    [[nodiscard]] std::chrono::steady_clock::time_point due(std::int64_t frame) const;
    /// Sleeps until a frame is due; call it for each frame in order. Returns at once for the first
    /// `frames_ahead`. True if the frame is more than one frame late. After more than five seconds (a machine
    /// that was suspended) pacing starts again rather than catch up.
    [[nodiscard]] bool wait_until_due(std::int64_t frame);

  private:
    using Nanoseconds = std::chrono::nanoseconds;
    [[nodiscard]] Nanoseconds time_of(std::int64_t frames) const;
    /// How late grid points are against whole multiples in UTC: −½…½ of the grid.
    [[nodiscard]] Nanoseconds grid_error(const ClockSample& now) const;
    /// Sets the start to the first time from `earliest` on at which the grid is right.
    void start(std::chrono::steady_clock::time_point earliest);

    Timing timing_;
    Clocks& clocks_;
    std::chrono::steady_clock::time_point start_;  ///< when the first packet leaves
};

}  // namespace riverlight::player
