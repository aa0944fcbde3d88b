#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

/// When to try again: full jitter between 0 and a ceiling that doubles from 1 s to 15 min, so that a thousand
/// boards that lost their office at once do not all return at once.
namespace riverlight::firmware {

struct Backoff {
    static constexpr std::chrono::milliseconds least{1000}, most{900'000};
    int failures = 0;  ///< in a row

    /// Notes a failure and returns the wait before the next try. `draw` is uniform in [0, 2^32). With
    /// `retry_after`, the other side's request, the wait is that time and up to a tenth more. At least 200
    /// ms, so that no draw makes a busy loop.
    [[nodiscard]] std::chrono::milliseconds failed(
        std::uint32_t draw, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
        failures = std::min(failures + 1, 30);
        const auto share = [draw](std::chrono::milliseconds of) {
            return std::chrono::milliseconds(
                static_cast<std::int64_t>((static_cast<std::uint64_t>(of.count()) * draw) >> 32));
        };
        if (retry_after) {
            const auto asked = std::clamp<std::chrono::milliseconds>(*retry_after, least, most);
            return asked + share(asked / 10);
        }
        const auto ceiling = std::min(most, least * (std::int64_t{1} << (failures - 1)));
        return std::max(std::chrono::milliseconds(200), share(ceiling));
    }
    void succeeded() { failures = 0; }
};

}  // namespace riverlight::firmware
