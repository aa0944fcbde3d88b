#pragma once
#include <array>
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
/// What the machine's battery-backed clock says; nothing if there is none, or it cannot be read.
[[nodiscard]] std::optional<Instant> hardware_clock();

/// Who says what time it is, besides the system clock. A time daemon (`SystemTime::synchronised`) is one
/// more.
enum class TimeWitness : std::uint8_t {
    office,          ///< the Date of an answer that only the office can give
    channel,         ///< when the newest signed timestamp was made: it is not earlier
    hardware_clock,  ///< battery-backed
};

/// The system clock was set ahead, and is trusted: nothing is known of the time between.
struct ClockJump {
    Instant from{}, until{};
    friend bool operator==(const ClockJump&, const ClockJump&) = default;
};

/// Time for a board without a battery-backed clock. It trusts the system clock only within limits, so
/// that a wrong clock can neither end campaigns nor expire signatures, nor sign records about times to come:
///
/// - It is not earlier than an instant that has certainly passed. A time daemon and another witness together
///   may say otherwise.
/// - It is at most `furthest_alone` ahead of the board's own time. A witness may say otherwise.
/// - It is at most `furthest_ahead` after everything that is known. Two witnesses may say otherwise.
///
/// Outside these limits time continues by the monotonic clock from the last trusted instant. As soon as the
/// system clock is within the limits again, it is trusted again. Safe from any thread.
class Clock {
  public:
    /// A day, and an error of the time zone.
    static constexpr std::chrono::hours furthest_alone{26};
    /// A board that was unplugged for longer learns the time from its channel: set_signed_until().
    static constexpr std::chrono::days furthest_ahead{35};
    /// A witness agrees with a clock that is no farther from what it says.
    static constexpr std::chrono::minutes agreement{10};
    /// A trusted step ahead that is longer is a jump.
    static constexpr std::chrono::minutes longest_step{2};

    /// `sure` has certainly passed; the epoch means that nothing is known, and the system clock is trusted
    /// without an upper limit. `earliest` is a second lower limit that sets no upper one: the age of an
    /// image. `start` is the system's time now.
    explicit Clock(Instant sure, const SystemTime& start = system_time(), Instant earliest = {});

    /// The time at `system`. Changes nothing.
    [[nodiscard]] ClockReading read(const SystemTime& system = system_time()) const;
    /// Remembers a trusted system clock as the base of times to come. Call it every few seconds.
    void advance(const SystemTime& system = system_time());
    /// Advances, and from then on counts as certainly passed what is known for sure: the time of a clock that
    /// a time daemon keeps, and what passed since then by the monotonic clock. Returns the latest such
    /// instant, the epoch if there is none: what a board stores over a restart.
    Instant mark_sure(const SystemTime& system = system_time());
    /// The expiry of the channel's signatures raises the upper limit.
    void set_signed_until(Instant until);
    /// `witness` says that it was `says` when the monotonic clock was `at`. Its last word counts.
    void hear(TimeWitness witness, Instant says, MonotonicTime at);
    /// The jumps since the last call, as one: from the first's begin to the last's end.
    [[nodiscard]] std::optional<ClockJump> take_jump();

  private:
    /// An instant, and the monotonic clock at that moment.
    struct Point {
        Instant at{};
        MonotonicTime monotonic{};
        [[nodiscard]] Instant later(MonotonicTime now) const { return at + (now - monotonic); }
    };
    [[nodiscard]] ClockReading read_locked(const SystemTime& system) const;
    void advance_locked(const SystemTime& system);
    [[nodiscard]] Instant own_time(MonotonicTime at) const;
    [[nodiscard]] int witnesses(const SystemTime& system) const;
    [[nodiscard]] std::string find_fault(const SystemTime& system) const;

    mutable std::mutex mutex_;  ///< guards all below; mutable only so that const reads can lock it
    Instant sure_, signed_until_{};
    const Instant earliest_;
    Point base_;     ///< the last trusted time
    Point anchor_;   ///< the last that a witness confirmed, or the first: a clock alone stays near it
    Point certain_;  ///< the last that a time daemon kept, or `sure` at the start; the epoch: none
    std::array<std::optional<Point>, 3> heard_;  ///< by TimeWitness
    std::optional<ClockJump> jump_;
};

/// The system clock as a program reads it that runs once: never before `floor`. It has no time to wait for a
/// witness, so that it takes any clock within Clock::furthest_ahead.
[[nodiscard]] ClockReading read_clock(Instant floor);
/// The kernel's id of this boot (/proc/sys/kernel/random/boot_id); `unknown` if it cannot be read.
[[nodiscard]] std::string boot_id();

}  // namespace riverlight::firmware
