#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

/// Hours, minutes, seconds and frames, non-drop, at whole rates (SMPTE ST 258, clause 8).
namespace riverlight::traffic {

/// The time code `02:30:01:24` of a time of day or a length, rounded down to a whole frame. 0 ≤ `time` <
/// 100 h; `rate`: frames a second, from 1.
[[nodiscard]] std::string format_time_code(std::chrono::microseconds time, int rate);
/// The time at which the frame of a time code begins. `;`, `.` and `,` before the frames are accepted too.
/// Nothing for any other text.
[[nodiscard]] std::optional<std::chrono::microseconds> parse_time_code(std::string_view code, int rate);

/// The local time of day in the zone.
[[nodiscard]] std::chrono::microseconds time_of_day(Instant at, const std::string& zone);
/// The first instant at or after `from` when the zone's clock shows `time`. It is off by the change if the
/// clock changes in between.
[[nodiscard]] Instant next_time_of_day(Instant from, std::chrono::microseconds time, const std::string& zone);

}  // namespace riverlight::traffic
