#pragma once
#include "scheduler/plan/sketch.hpp"

namespace riverlight::scheduler {

/// Lays jobs down from the day's begin to its end; at each free moment the released job with the nearest
/// deadline starts that leaves the others their time. `by_priority`: only the higher are left theirs.
void walk(Sketch& sketch, bool by_priority);

}  // namespace riverlight::scheduler
