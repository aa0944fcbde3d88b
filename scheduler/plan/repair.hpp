#pragma once
#include "scheduler/plan/sketch.hpp"

namespace riverlight::scheduler {

/// Finds what is lost a time: in a gap, in another hour that has room, or by moving what is around it; the
/// higher priorities first. Bounded by counts, so that it ends at the same place on every machine.
void repair(Sketch& sketch);

}  // namespace riverlight::scheduler
