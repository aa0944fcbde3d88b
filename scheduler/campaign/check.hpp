#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// Checks a schedule against the catalogue: unknown segments, audiences that no place matches, segments
/// without a locale or a clearance where they are booked, ratings and days on which nothing can air, unknown
/// sets of holidays; with `today` also campaigns that are over. Findings are in order of line. Problems that
/// only planning shows: scheduler/preview/overbooked.hpp.
[[nodiscard]] std::vector<Finding> check_schedule(const Schedule& schedule,
                                                  const content::Catalogue& catalogue,
                                                  const std::string& file,
                                                  std::optional<std::chrono::local_days> today = {});

}  // namespace riverlight::scheduler
