#pragma once
#include <string>
#include <vector>

#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// A filler that may be shown where a planned item cannot be.
struct StandIn {
    std::string campaign, booking, segment;
    std::string locale;  ///< cleared for all of the time asked for
};

/// The schedule's fillers that may be on at `place` for all of `when`: by audience, days, windows, embargo,
/// rating and clearance. Those of the highest priority first, among equals from the `turn`-th on; at most
/// `most`, never `broken` itself. Where the country keeps ratings and children's segments apart, only those
/// that are neither. Separations and caps are a plan's, not a stopgap's. Pure. Throws Error for a zone that
/// the tz database lacks.
[[nodiscard]] std::vector<StandIn> stand_ins_for(const Schedule& schedule,
                                                 const content::Catalogue& catalogue,
                                                 const content::Place& place, std::string_view asked,
                                                 const std::string& broken, const Span& when,
                                                 std::size_t turn, std::size_t most);

}  // namespace riverlight::scheduler
