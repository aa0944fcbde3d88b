#pragma once
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "content/airing/record.hpp"
#include "content/base/instant.hpp"

/// The board's time and how far it can be trusted. Nothing below `Board` reads a clock directly.
namespace riverlight::firmware {

struct ClockReading {
    Instant now{};
    content::ClockState state = content::ClockState::floor;
    std::optional<std::chrono::milliseconds> error;  ///< bound on the error of `now`; none: unknown
    MonotonicTime monotonic{};
    /// How far `now` is ahead of the system clock, which players use; 0 while the system clock is trusted.
    std::chrono::microseconds ahead{};
    std::string fault;  ///< why the system clock is not trusted, a sentence for people; empty if it is
};

/// The system's clocks at one moment.
struct SystemTime {
    Instant realtime{};
    MonotonicTime monotonic{};
    bool synchronised = false;  ///< a time daemon disciplines the clock (adjtimex(2))
    std::optional<std::chrono::milliseconds> error;
};
[[nodiscard]] SystemTime system_time();

/// Time for a board without a battery-backed clock. It trusts the system clock only between two limits: not
/// earlier than an instant that has certainly passed, and not more than `furthest_ahead` after everything
/// that is known, so that a wrong time server can neither end campaigns nor expire signatures. Outside these
/// limits time continues by the monotonic clock from the last trusted instant. As soon as the system clock is
/// within the limits again, it is trusted again. Safe from any thread.
class Clock {
  public:
    /// A board that was unplugged for longer learns the time from its channel: set_signed_until().
    static constexpr std::chrono::days furthest_ahead{35};

    /// `sure` has certainly passed; the epoch means that nothing is known, and the system clock is trusted
    /// without an upper limit. `earliest` is a second lower limit that sets no upper one: the age of an
    /// image. `start` is the system's time now.
    explicit Clock(Instant sure, const SystemTime& start = system_time(), Instant earliest = {});

    /// The time at `system`. Changes nothing.
    [[nodiscard]] ClockReading read(const SystemTime& system = system_time()) const;
    /// Remembers a trusted system clock as the base of times to come. Call it every few seconds.
    void advance(const SystemTime& system = system_time());
    /// Advances, and from then on counts the time read as certainly passed. Returns the latest such instant:
    /// what a board stores over a restart.
    Instant mark_sure(const SystemTime& system = system_time());
    /// The expiry of the channel's signatures raises the upper limit.
    void set_signed_until(Instant until);

  private:
    [[nodiscard]] ClockReading read_locked(const SystemTime& system) const;
    void advance_locked(const SystemTime& system);
    [[nodiscard]] std::string find_fault(Instant realtime, Instant own) const;

    mutable std::mutex mutex_;  ///< guards all below; mutable only so that const reads can lock it
    Instant sure_, signed_until_{};
    const Instant earliest_;
    Instant base_;                  ///< the last trusted time …
    MonotonicTime base_monotonic_;  ///< … and the monotonic clock at that moment
};

/// The system clock as a program reads it that runs once: a Clock's first reading, never before `floor`.
[[nodiscard]] ClockReading read_clock(Instant floor);
/// The kernel's id of this boot (/proc/sys/kernel/random/boot_id); `unknown` if it cannot be read.
[[nodiscard]] std::string boot_id();

}  // namespace riverlight::firmware
