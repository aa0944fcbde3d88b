#pragma once
#include <string>
#include <vector>

#include "tools/office/store.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {

using traffic::csv_mark;
using traffic::csv_row;

/// Airings as a whole file: its mark, its heads, a row each. All there is to one, down to its hash.
[[nodiscard]] std::string airings_csv(const std::vector<AiringRow>& rows);

}  // namespace riverlight::office
