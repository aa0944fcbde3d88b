#pragma once
#include <vector>

#include "player/cue/cue.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::firmware {

/// Open time of a plan, for a feed's partner to fill: what lies between the end of one airing and the start
/// of the next, of five seconds and more, and begins in [from, until). `airings` in order. An avail's event
/// is its start's second, so that it keeps its number, and later ones have greater ones. Pure.
[[nodiscard]] std::vector<player::Avail> avails_of(
    const std::vector<const scheduler::PlannedAiring*>& airings, Instant from, Instant until);

}  // namespace riverlight::firmware
