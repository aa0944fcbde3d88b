#pragma once
#include <chrono>
#include <cstdint>

#include "content/base/instant.hpp"
#include "player/av/av.hpp"

namespace riverlight::player {

/// Both clocks as they stood at one moment.
struct Moment {
    std::chrono::steady_clock::time_point steady;
    Instant utc;
};

/// The time of an outlet's loop.
class Clocks {
  public:
    virtual ~Clocks() = default;
    [[nodiscard]] virtual Moment now() const = 0;
    virtual void sleep_until(std::chrono::steady_clock::time_point moment) = 0;
};

/// The system's. Both are read again where the thread was put aside between them.
class SystemClocks final : public Clocks {
  public:
    [[nodiscard]] Moment now() const override;
    void sleep_until(std::chrono::steady_clock::time_point moment) override;
};

/// Time that passes only where it is slept through: as fast as it goes.
class FastClocks final : public Clocks {
  public:
    explicit FastClocks(Moment begin) : now_(begin) {}
    [[nodiscard]] Moment now() const override { return now_; }
    void sleep_until(std::chrono::steady_clock::time_point moment) override;

  private:
    Moment now_;
};

/// When an outlet's frames are due and when they are seen. Frames come at their rate by the monotonic clock,
/// which a system that keeps time steers like its wall clock. Where the wall clock is set meanwhile, instants
/// follow at once, so that an item with a start meets it; and where the outlet has a grid, the beat is moved
/// by at most 25 millionths until grid points lie on whole multiples of their length in UTC again (13818-1,
/// 2.4.2.1 allows a feed's clock 30). Nothing is lost or repeated for it, and no stamp knows of it. One
/// thread.
class HouseClock {
  public:
    struct Beat {
        Ratio rate{25, 1};                  ///< frames a second
        int grid = 1;                       ///< frames from one grid point to the next; 1: none is kept
        int frames_ahead = 0;               ///< put in before the first leaves
        std::chrono::microseconds delay{};  ///< from the first packet to when the first frame is seen
    };
    HouseClock(const Beat& beat, Clocks& clocks);

    /// When a frame is seen, by the wall clock as it stands now.
    [[nodiscard]] Instant instant_of(std::int64_t frame) const;
    /// When a frame is to be put in.
    [[nodiscard]] std::chrono::steady_clock::time_point due(std::int64_t frame) const;
    /// Sleeps until a frame is due, each in turn; those ahead are at once. True if it was more than a frame
    /// late. A machine that slept for more than five seconds starts over rather than race through them.
    bool wait_for(std::int64_t frame);

  private:
    using Nanoseconds = std::chrono::nanoseconds;
    [[nodiscard]] Nanoseconds time_of(std::int64_t frames) const;
    /// How far grid points lie behind a whole multiple in UTC, −½…½ of the grid.
    [[nodiscard]] Nanoseconds off_grid(const Moment& now) const;
    /// The first moment for the first packet, not before `earliest`, at which the grid is right.
    void begin(std::chrono::steady_clock::time_point earliest);

    Beat beat_;
    Clocks& clocks_;
    std::chrono::steady_clock::time_point start_;  ///< the first packet leaves
};

}  // namespace riverlight::player
