#pragma once
#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// The bookings of `schedule` that may air at `place` that day, each with its items and the intervals in
/// which they may be on. What cannot air at all that day is in Day::impossible. Throws Error for a country
/// that the catalogue lacks and for a zone that the tz database lacks.
[[nodiscard]] Day resolve(const Schedule& schedule, const content::Catalogue& catalogue,
                          const content::Place& place, const LocalDay& day);

}  // namespace riverlight::scheduler
