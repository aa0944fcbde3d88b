#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

namespace riverlight::test {

/// Every promise that a plan breaks, as sentences; empty for a good one. Works from the schedule, the
/// catalogue and the written plan alone, with arithmetic of its own: it shares nothing with the planner but
/// the calendar.
[[nodiscard]] std::vector<std::string> broken_promises(const scheduler::Schedule& schedule,
                                                       const content::Catalogue& catalogue,
                                                       const scheduler::Plan& plan);

/// Distances alone, over airings of one or several days in a row.
[[nodiscard]] std::vector<std::string> broken_distances(const scheduler::Schedule& schedule,
                                                        const content::Catalogue& catalogue,
                                                        const std::vector<scheduler::PlannedAiring>& airings);

}  // namespace riverlight::test
