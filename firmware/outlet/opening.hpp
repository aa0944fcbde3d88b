#pragma once
#include <chrono>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/open_hours.hpp"

namespace riverlight::firmware {

/// A display is switched on this long before the first airing: a television needs time to warm up.
inline constexpr std::chrono::seconds opening_lead{60};

/// Whether a place's displays are on: during its open hours, and `opening_lead` before each. No hours:
/// always. Pure. Throws Error for a zone that the tz database lacks.
[[nodiscard]] bool is_open_at(const std::vector<content::OpenHours>& hours, Instant at,
                              const std::string& zone);

}  // namespace riverlight::firmware
