#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "content/base/instant.hpp"

namespace riverlight::scheduler {

/// A moment as an author writes it: with an offset it is the same everywhere; without one every place reads
/// it on its own clock. To the second.
using Moment = std::variant<Instant, std::chrono::local_seconds>;

/// `2026-11-23T06:00:00+07:00`, or `2026-11-23T06:00:00` for a local one; nothing for anything else.
[[nodiscard]] std::optional<Moment> moment_from_text(std::string_view text);
/// As moment_from_text reads it; an instant in UTC with `Z`.
[[nodiscard]] std::string to_text(const Moment& moment);
/// Where a local one falls at a place: times that a clock change skips or doubles as in instant_of(day, …).
/// Throws Error for a zone that the tz database lacks.
[[nodiscard]] Instant instant_of(const Moment& moment, const std::string& zone);

}  // namespace riverlight::scheduler
