#pragma once
#include "scheduler/plan/sketch.hpp"

/// Laying jobs down one by one, each where it first fits.
namespace riverlight::scheduler {

/// By priority, in each one's own turn.
void lay_by_priority(Sketch& sketch);

/// Which of one priority comes first: by its own turn, by the windows of its booking, or the shortest.
enum class Tie { released, due, opens, closes, shortest };
/// By priority, in any hour of its windows that stands one more of its plays. False: an hour is off its pace.
[[nodiscard]] bool lay_anywhere(Sketch& sketch, Tie tie);

}  // namespace riverlight::scheduler
