#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "content/base/instant.hpp"

/// Hours, minutes, seconds and frames, non-drop, at whole rates (SMPTE ST 258, clause 8).
namespace riverlight::traffic {

/// `02:30:01:24`: the frame that is on after `time` from midnight (or of a length), rounded down; 0 ≤ time <
/// 100 h.
[[nodiscard]] std::string time_code(std::chrono::microseconds time, int rate);
/// The time at which the frame of a time code begins. `;`, `.` and `,` before the frames are accepted too.
/// Nothing for any other text.
[[nodiscard]] std::optional<std::chrono::microseconds> time_of_code(std::string_view code, int rate);

/// The local time of day in the zone.
[[nodiscard]] std::chrono::microseconds time_of_day(Instant at, const std::string& zone);
/// The first moment at or after `from` at which the zone's clock shows `time`, clock changes apart.
[[nodiscard]] Instant next_at(Instant from, std::chrono::microseconds time, const std::string& zone);

}  // namespace riverlight::traffic
