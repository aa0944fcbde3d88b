#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace riverlight {

/// A moment in UTC, to the microsecond. Local time exists only in calendars and on pages.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// The time since the machine started (CLOCK_MONOTONIC). Setting the clock does not change it. Values of two
/// boots cannot be compared.
struct MonotonicClock {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock>;
    static constexpr bool is_steady = true;
};
using MonotonicTime = MonotonicClock::time_point;

/// RFC 3339, UTC, always six digits of a second: `2026-11-23T06:00:00.000000Z` (27 bytes for years 0–9999).
[[nodiscard]] std::string to_rfc3339(Instant at);

/// Reads RFC 3339 (section 5.6) with `Z` or a numeric offset, 0 to 9 digits of fraction (beyond six cut off);
/// nothing for anything else. A leap second (`:60`) reads as the first moment of the next minute.
[[nodiscard]] std::optional<Instant> from_rfc3339(std::string_view text);

/// A calendar date, `2026-11-23`; nothing for anything else, or a date that does not exist.
[[nodiscard]] std::optional<std::chrono::local_days> date_from_iso(std::string_view text);
[[nodiscard]] std::string to_iso(std::chrono::local_days day);

}  // namespace riverlight
