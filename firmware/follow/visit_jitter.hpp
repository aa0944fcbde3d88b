#pragma once
#include <chrono>
#include <cstdint>

namespace riverlight::firmware {

/// The time to a board's next visit: `wait`, up to a quarter less or more. Boards that the power brought up
/// at the same moment would otherwise ask the channel at the same moments for as long as it stays on; so they
/// are spread over the whole interval within hours. `draw` is uniform in [0, 2^32). Pure.
[[nodiscard]] constexpr std::chrono::microseconds spread_visit(std::chrono::microseconds wait,
                                                               std::uint32_t draw) {
    const auto part = static_cast<std::uint64_t>(wait.count()) / 2;  // at most 2^31 s: no overflow
    return wait * 3 / 4 + std::chrono::microseconds(static_cast<std::int64_t>(
                              ((part >> 8) * static_cast<std::uint64_t>(draw)) >> 24));
}

}  // namespace riverlight::firmware
