#pragma once
#include <chrono>
#include <cstdint>
#include <ratio>

#include "player/av/ratio.hpp"

/// Time in a transport stream (ISO/IEC 13818-1, 2.4.2.1 and 2.4.3.6). Durations of different ticks convert
/// into each other by type; only this header and packet.cpp know how time stamps wrap.
namespace riverlight::player {

/// Ticks of the system clock, 27 MHz: what a PCR counts.
using ClockTicks = std::chrono::duration<std::int64_t, std::ratio<1, 27'000'000>>;
/// Ticks of time stamps, 90 kHz: what PTS, DTS, SCTE 35 and RTP count.
using StampTicks = std::chrono::duration<std::int64_t, std::ratio<1, 90'000>>;

/// A feed's time line: 0 is when its frame 0 was, or would have been, sent. It runs on over restarts.
struct StreamClock {
    using duration = ClockTicks;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<StreamClock>;
    static constexpr bool is_steady = true;
};
/// A moment on a feed's time line. It does not wrap.
using StreamTime = StreamClock::time_point;

/// Time stamps have 33 bits: they wrap every 26.5 hours.
inline constexpr StampTicks stamp_period{std::int64_t{1} << 33};
inline constexpr ClockTicks pcr_period{stamp_period};

/// The time stamp of a moment, not wrapped.
[[nodiscard]] constexpr StampTicks stamp_of(StreamTime time) {
    return std::chrono::duration_cast<StampTicks>(time.time_since_epoch());
}
/// From one wrapped stamp to a later one, less than a period apart.
[[nodiscard]] constexpr StampTicks stamp_distance(StampTicks from, StampTicks to) {
    return (to - from + stamp_period) % stamp_period;
}
/// How long `frames` last at `rate` frames a second, cut to whole ticks.
[[nodiscard]] constexpr ClockTicks duration_of(std::int64_t frames, Ratio rate) {
    return ClockTicks{frames * ClockTicks::period::den * rate.den / rate.num};
}

}  // namespace riverlight::player
