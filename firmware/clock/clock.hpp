#pragma once
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "content/base/instant.hpp"
#include "firmware/journal/record.hpp"

/// The board's time and how far it is to be trusted. Nothing below main reads a clock by itself.
namespace riverlight::firmware {

struct ClockReading {
    Instant now{};
    ClockState state = ClockState::floor;
    std::int64_t error_ms = -1;  ///< −1: unknown
    std::int64_t monotonic_us = 0;
    std::chrono::microseconds ahead{};  ///< of the system's clock, by which players go; 0: it is believed
    std::string fault;  ///< why the system's clock is not believed, a sentence for people; empty if it is
};

/// What the system says at one moment.
struct SystemTime {
    Instant realtime{};
    std::int64_t monotonic_us = 0;
    bool synchronised = false;  ///< a time daemon holds the clock (adjtimex(2))
    std::int64_t error_ms = -1;
};
[[nodiscard]] SystemTime system_time();

/// Tells the time of a board that has no battery for its clock and takes it from strangers. What has passed
/// for certain is never undone: a system clock before that is not believed. Nor is one that runs far ahead of
/// all that is known (a time server years in the future), so that no campaign ends and nothing expires by
/// somebody's mistake. Meanwhile time goes on by the monotonic clock from what was last believed. Once the
/// system's clock is within reach again it is believed again. Any thread.
class Clock {
  public:
    /// So far ahead of the latest known moment a system clock may be: a board that was unplugged for longer
    /// is told by the channel, whose signatures say until when they hold.
    static constexpr std::chrono::days furthest_ahead{35};

    /// `sure` has passed for certain; the epoch: nothing is known, and the system is believed.
    explicit Clock(Instant sure) : sure_(sure) {}

    [[nodiscard]] ClockReading read(const SystemTime& said = system_time());
    /// Until when what the channel signed last holds.
    void signed_until(Instant until);
    /// It cannot be earlier, as when the board's image was made; it may be any time later.
    void not_before(Instant earliest);
    /// What is told now has passed for certain: what a board keeps over a restart. Returns it.
    Instant mark(const SystemTime& said = system_time());

  private:
    [[nodiscard]] ClockReading told(const SystemTime& said);
    [[nodiscard]] std::string doubt(Instant realtime, Instant own) const;

    std::mutex mutex_;  ///< guards all below
    Instant sure_, signed_until_{}, earliest_{};
    /// Own time: the last that was believed, and the monotonic clock then.
    std::optional<Instant> anchor_;
    std::int64_t anchor_us_ = 0;
};

/// The realtime clock of a program that looks once, never before `floor`: as a Clock's first reading.
[[nodiscard]] ClockReading read_clock(Instant floor);
/// Of this boot: /proc/sys/kernel/random/boot_id; `unknown` without it.
[[nodiscard]] std::string boot_id();

}  // namespace riverlight::firmware
