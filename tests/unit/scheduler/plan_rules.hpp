#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

namespace riverlight::test {

/// Every rule of the schedule that a plan violates, as sentences; empty for a correct plan. Independent of
/// the planner: it uses the schedule, the catalogue, the finished plan and the calendar.
[[nodiscard]] std::vector<std::string> find_violations(const scheduler::Schedule& schedule,
                                                       const content::Catalogue& catalogue,
                                                       const scheduler::Plan& plan);

/// Violated separations only, over the airings of one day or of several days in a row.
[[nodiscard]] std::vector<std::string> find_distance_violations(
    const scheduler::Schedule& schedule, const content::Catalogue& catalogue,
    const std::vector<scheduler::PlannedAiring>& airings);

}  // namespace riverlight::test
