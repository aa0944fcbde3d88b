#pragma once
#include <string>
#include <string_view>

#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// Reads an author's TOML, at most 1 MiB. Never throws for its content: everything wrong is a finding.
[[nodiscard]] ScheduleReading read_schedule_toml(std::string_view text, const std::string& file);

/// Reads the channel's JSON (format 1), at most 8 MiB. Throws Error with the first error found: schedules are
/// checked before they are signed.
[[nodiscard]] Schedule read_schedule_json(std::string_view text, const std::string& what);

}  // namespace riverlight::scheduler
