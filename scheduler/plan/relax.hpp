#pragma once
#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {

/// How much room later deadlines get: exactly their length, or half as much again where items may not join
/// without gaps.
enum class Relaxation { tight, loose };

/// Moves releases before the ideal times as far as the deadlines after them need, but never before
/// Task::earliest. Sets `release` of all tasks and sorts them by it.
void relax_releases(PlacementProblem& problem, Relaxation how);

}  // namespace riverlight::scheduler
