#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "content/base/instant.hpp"

namespace riverlight::scheduler {

/// A moment as an author writes it, to the second: an instant if it has an offset, and otherwise a local
/// time, which is another instant in each zone.
using Moment = std::variant<Instant, std::chrono::local_seconds>;

/// `2026-11-23T06:00:00+07:00`, or `2026-11-23T06:00:00` for a local one; nothing for anything else.
[[nodiscard]] std::optional<Moment> moment_from_text(std::string_view text);
/// As moment_from_text reads it; an instant in UTC with `Z`.
[[nodiscard]] std::string to_text(const Moment& moment);
/// The instant of a moment in a zone. Times that a clock change skips or repeats: see instant_of(day, …).
/// Throws Error for a zone that the tz database lacks.
[[nodiscard]] Instant instant_of(const Moment& moment, const std::string& zone);

}  // namespace riverlight::scheduler
