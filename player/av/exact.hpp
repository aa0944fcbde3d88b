#pragma once
#include <limits>

#include "player/av/ratio.hpp"

/// Arithmetic with ratios whose products do not fit into 64 bits: files name any time and any time base.
namespace riverlight::player::av {

__extension__ typedef __int128 Wide;  // NOLINT(modernize-use-using): __extension__ takes no alias

/// num/den in lowest terms, den > 0. To the nanosecond, and the nearest that fits, where its denominator
/// would be over 10^12, such that millionths can be counted, or its numerator does not fit.
[[nodiscard]] constexpr Ratio reduced_wide(Wide num, Wide den) {
    constexpr Wide most = std::numeric_limits<std::int64_t>::max(), nano = 1'000'000'000;
    constexpr Wide most_parts = nano * 1'000;
    const auto magnitude = [](Wide value) { return value < 0 ? -value : value; };
    Wide divisor = den;
    for (Wide rest = magnitude(num); rest != 0;) {
        const auto next = divisor % rest;
        divisor = rest;
        rest = next;
    }
    num /= divisor;
    den /= divisor;
    if (magnitude(num) > most || den > most_parts) {
        num = num / den * nano + num % den * nano / den;
        den = nano;
        if (num > most) num = most;
        if (num < -most) num = -most;
    }
    return {static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)};
}

}  // namespace riverlight::player::av
