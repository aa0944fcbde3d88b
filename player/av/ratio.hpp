#pragma once
#include <cstdint>
#include <numeric>

namespace riverlight::player {

/// An exact rational number, den > 0: a frame rate, an aspect ratio or a time in seconds.
struct Ratio {
    std::int64_t num = 0, den = 1;
};

/// num/den in lowest terms.
[[nodiscard]] constexpr Ratio reduced(std::int64_t num, std::int64_t den) {
    const auto divisor = std::gcd(num, den);
    return divisor > 1 ? Ratio{num / divisor, den / divisor} : Ratio{num, den};
}

}  // namespace riverlight::player
