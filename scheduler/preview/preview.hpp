#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

/// Plans as people and programs read them.
namespace riverlight::scheduler {

/// One line an airing in local time, then what a booking asked for and does not get. UTF-8, for a terminal
/// of 100 columns or more.
[[nodiscard]] std::string preview_table(const std::vector<Plan>& plans);

/// {"format":1,"plans":[…]}, each as write_plan gives it; a newline at the end.
[[nodiscard]] std::string preview_json(const std::vector<Plan>& plans);

}  // namespace riverlight::scheduler
