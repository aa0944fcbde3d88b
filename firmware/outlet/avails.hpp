#pragma once
#include <vector>

#include "player/cue/commands.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::firmware {

/// Open time of a plan, for a feed's partner to fill: gaps of at least five seconds between the end of one
/// airing and the start of the next that begin in [from, until). `airings` are in order. An avail's event
/// number is the second in which it starts: the same avail always has the same number, and later ones have
/// greater numbers. Pure.
[[nodiscard]] std::vector<player::Avail> avails_of(
    const std::vector<const scheduler::PlannedAiring*>& airings, Instant from, Instant until);

}  // namespace riverlight::firmware
