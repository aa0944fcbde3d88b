#pragma once
#include <vector>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {

/// Lowers Placement::latest of each placement that may move, so that it and all after it keep their
/// deadlines, allowed intervals and separations. A task's placements move together. `placements` are by
/// start.
void compute_latest_starts(const Day& day, std::vector<Placement>& placements);

}  // namespace riverlight::scheduler
