#pragma once
#include <string>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

/// Why a play was lost, for people. `fixed`: it was due at a time of its own, not in a rotation's turn; `by`:
/// the booking that stood in the way; `segment`: the one that was to air; both may be empty.
[[nodiscard]] std::string sentence(Obstacle why, bool fixed, const std::string& by,
                                   const std::string& segment);

}  // namespace riverlight::scheduler
