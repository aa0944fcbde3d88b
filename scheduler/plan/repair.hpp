#pragma once
#include "scheduler/plan/timetable.hpp"

namespace riverlight::scheduler {

/// Places unplaced tasks, higher priorities first: in a free slot, in another hour whose quota has room, or
/// by moving the tasks around. Bounded by counts, so that every machine ends at the same timetable.
void repair(Timetable& timetable);

}  // namespace riverlight::scheduler
