#pragma once
#include "scheduler/plan/timetable.hpp"

namespace riverlight::scheduler {

/// Which waiting tasks a start must not make late.
enum class Protect { all, higher_priorities };

/// Places tasks from the day's begin to its end: at each free moment, of the tasks released, the one with the
/// nearest deadline that leaves the protected tasks their time. What finds no slot is in Timetable::unplaced.
void place_by_deadline(Timetable& timetable, Protect protect);

}  // namespace riverlight::scheduler
