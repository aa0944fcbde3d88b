#pragma once
#include <vector>

#include "scheduler/plan/timetable.hpp"

/// Exhaustive searches over the orders in which tasks are placed. Bounded by counts, so that every machine
/// ends at the same timetable.
namespace riverlight::scheduler {

/// Places all of `tasks` between their earliest start and deadline: tries every order and every item, each in
/// its first slot. `budget`: how many placements may still be tried; counted down. False: no order was found
/// and nothing has changed.
[[nodiscard]] bool search_orders(Timetable& timetable, std::vector<TaskIndex> tasks, int& budget);

/// Places the tasks of an empty timetable, each anywhere in its windows where its quotas allow. If not all
/// can be placed, it leaves out as few as possible, and of equal numbers the lowest priorities. For small
/// days. False: the search ran out of its budget, and the timetable is of no use.
[[nodiscard]] bool search_all(Timetable& timetable);

}  // namespace riverlight::scheduler
