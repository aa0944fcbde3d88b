#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

/// {"format":1,"plans":[…]}, each plan as write_plan gives it; ends with a newline.
[[nodiscard]] std::string preview_json(const std::vector<Plan>& plans);

}  // namespace riverlight::scheduler
