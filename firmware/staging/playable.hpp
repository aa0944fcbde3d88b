#pragma once
#include <string>

#include "content/store/layout.hpp"
#include "scheduler/campaign/schedule.hpp"

/// Whether this board can play a release.
namespace riverlight::firmware {

/// The schedule that `place` follows. Throws Error if there is none, or it cannot be read.
[[nodiscard]] scheduler::Schedule read_place_schedule(const std::map<std::string, std::string>& schedules,
                                                      const content::Place& place);

/// Does with a release's facts what the board does with them later: finds its place, reads the schedule,
/// looks at what it costs, and plans the broadcast day that contains `now` and the next. Throws Error where
/// that fails, CostError for a schedule that costs too much. A plan without airings is no fault: a country
/// may withdraw everything. May take seconds; pure.
void require_playable(const content::Facts& facts, const std::string& place, Instant now);

}  // namespace riverlight::firmware
