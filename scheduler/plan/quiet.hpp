#pragma once
#include <optional>
#include <vector>

#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// When a place has less sound, or none.
struct QuietSpan {
    Span when;
    std::optional<double> gain_db;  ///< below 0; absent: no sound at all
};

/// The place's quiet hours that overlap [from, until), not cut to it but to their broadcast days. In no
/// order; they may overlap each other. A daypart that the schedule lacks has no hours. Pure. Throws Error for
/// a zone that the tz database lacks.
[[nodiscard]] std::vector<QuietSpan> quiet_between(const Schedule& schedule, const content::Country& country,
                                                   const content::Place& place, Instant from, Instant until);

}  // namespace riverlight::scheduler
