#pragma once
#include <vector>

#include "scheduler/plan/prepare.hpp"

namespace riverlight::scheduler {

/// The last step of planning a day: fixes the exact start of everything and fills the rest with fillers.
/// Placements, by start, keep their order; each is put off at most as far as the placements after it allow,
/// so that fillers air whole where they can. Only fillers are cut. Time that no filler may use becomes a gap.
/// The result has no shortfalls and covers the day from the problem's begin on.
[[nodiscard]] DraftPlan fill_day(const PlacementProblem& problem, std::vector<Placement> placements,
                                 const std::vector<BlockWindow>& blocks);

}  // namespace riverlight::scheduler
