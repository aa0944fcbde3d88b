#pragma once
#include <functional>

#include "scheduler/plan/draft.hpp"

namespace riverlight::scheduler {

/// Plans the rest of a day from `begin` on, without takeovers.
using PlanRest = std::function<DraftPlan(DayTime begin, const History& history)>;

/// The day from `begin` on with its takeovers, higher priorities first. A takeover cuts into the plan where
/// one of its segments may air; `plan_rest` then plans again what comes after it, with what it displaced as
/// missed. Time in which a takeover may show none of its segments stays as planned and is reported as its
/// shortfall.
[[nodiscard]] DraftPlan plan_with_takeovers(const Day& day, DayTime begin, const History& history,
                                            const PlanRest& plan_rest);

}  // namespace riverlight::scheduler
