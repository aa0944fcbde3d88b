#pragma once
#include "scheduler/plan/timetable.hpp"

/// Placing tasks one by one, highest priority first, each in the first slot that it fits.
namespace riverlight::scheduler {

/// Each from its release on, up to its deadline. What finds no slot is in Timetable::unplaced.
void place_by_priority(Timetable& timetable);

/// Which of two tasks of the same priority is placed first: by release, by deadline, by the first or last
/// start that its booking's windows allow, or the shortest.
enum class TieBreak { release, deadline, window_begin, window_end, shortest };

/// In any hour of its windows whose quota allows one more play. False: some hour is off its quota, and the
/// timetable is of no use.
[[nodiscard]] bool place_in_any_hour(Timetable& timetable, TieBreak tie_break);

}  // namespace riverlight::scheduler
