#pragma once
#include <string>
#include <vector>

#include "tools/office/store.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {

using traffic::csv_mark;
using traffic::csv_row;

/// A whole file: byte order mark, heads, and a row for each airing with everything that its record holds.
[[nodiscard]] std::string airings_csv(const std::vector<AiringRow>& rows);

}  // namespace riverlight::office
