#pragma once
#include <string>

#include "content/sync/sync.hpp"

namespace riverlight::firmware {

/// When the plan of `place` airs each segment of a release next, today and tomorrow (broadcast days): what a
/// store fetches first and keeps longest. A takeover counts from an hour before it begins. Empty where the
/// release has no such place or schedule; throws Error where the schedule does not read.
[[nodiscard]] content::AirTimes outlook_at(const content::Facts& facts, const std::string& place,
                                           Instant now);

}  // namespace riverlight::firmware
