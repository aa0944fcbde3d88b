#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/record.hpp"
#include "player/cue/events.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::firmware {

// More than 12 members: one for each fact that the page shows of an outlet.
/// What is on an outlet, for the status page and the office. A snapshot.
struct OutletView {
    std::string id;
    std::string hls;                           ///< folder of its HLS output; empty: none
    std::vector<player::OutputState> outputs;  ///< of a feed, as its player last reported
    std::optional<content::AiringRecord> on_air;
    std::vector<scheduler::PlannedAiring> next;  ///< at most five
    bool slate = true;
    bool closed = false;                          ///< the place is closed; a display is off then
    std::map<std::string, std::string> evidence;  ///< what the outlet last proved about itself
    std::int64_t frames = 0, late_frames = 0, resident_bytes = 0, restarts = 0;
    std::string trouble;        ///< the latest, empty if none
    std::string rights_fault;   ///< why its player has more rights than it should; empty: it has not
    std::string journal_fault;  ///< why records wait in memory; empty if none do
    std::string snapshot;       ///< path of its picture
};

}  // namespace riverlight::firmware
