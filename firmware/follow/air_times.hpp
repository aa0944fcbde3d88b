#pragma once
#include <string>

#include "content/sync/sync.hpp"

namespace riverlight::firmware {

/// When the plan of `place` airs each segment of a release next, today and tomorrow (broadcast days): decides
/// what is downloaded first and kept longest. A takeover counts from an hour before it starts. Empty if the
/// release has no such place or schedule. Throws Error if the schedule cannot be read.
[[nodiscard]] content::AirTimes plan_air_times(const content::Facts& facts, const std::string& place,
                                               Instant now);

}  // namespace riverlight::firmware
