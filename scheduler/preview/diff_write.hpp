#pragma once
#include <string>
#include <vector>

#include "scheduler/preview/diff.hpp"

namespace riverlight::scheduler {

/// A line for each campaign of each place and day that changes, and below it each airing: fillers only if
/// `all`, and at most 20 of a campaign unless `all`. The last lines sum up each campaign. If nothing changes
/// the text says so.
[[nodiscard]] std::string diff_text(const std::vector<DayChange>& days, bool all);

/// {"format":1,"days":[…],"campaigns":{…}}, canonical, with every change; ends with a newline.
[[nodiscard]] std::string diff_json(const std::vector<DayChange>& days);

}  // namespace riverlight::scheduler
