#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

/// Plans for a terminal of 100 columns or more, UTF-8: a line for each airing in local time, then the
/// shortfalls and gaps of the day, grouped by booking and reason.
[[nodiscard]] std::string preview_table(const std::vector<Plan>& plans);

}  // namespace riverlight::scheduler
