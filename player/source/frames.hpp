#pragma once
#include <chrono>
#include <cstdint>

#include "player/av/ratio.hpp"

/// Frames of an outlet as time, and time as frames. Rates are frames a second.
namespace riverlight::player {

/// The whole number of frames nearest to a time.
[[nodiscard]] constexpr std::int64_t frames_in(std::chrono::microseconds time, Ratio rate) {
    return (time.count() * rate.num + rate.den * 500'000) / (rate.den * 1'000'000);
}

/// How many frames begin before so much time is over.
[[nodiscard]] constexpr std::int64_t frames_before(std::chrono::microseconds time, Ratio rate) {
    return (time.count() * rate.num + rate.den * 1'000'000 - 1) / (rate.den * 1'000'000);
}

/// How long so many frames last, to the nearest millisecond.
[[nodiscard]] constexpr std::chrono::milliseconds time_of(std::int64_t frames, Ratio rate) {
    return std::chrono::milliseconds{(frames * 1000 * rate.den + rate.num / 2) / rate.num};
}

}  // namespace riverlight::player
