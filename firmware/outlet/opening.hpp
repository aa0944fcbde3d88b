#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/open_hours.hpp"

namespace riverlight::firmware {

/// A display is on before the first airing begins: a television warms up.
inline constexpr std::chrono::seconds opening_lead{60};

/// Whether a place's displays are on: in its open hours, and `opening_lead` before each. No hours: always.
/// Pure. Throws Error for a zone that the tz database lacks.
[[nodiscard]] bool open_at(const std::vector<content::OpenHours>& hours, Instant at, const std::string& zone);

}  // namespace riverlight::firmware
