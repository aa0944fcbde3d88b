#pragma once
#include <string>
#include <vector>

#include "tools/office/settle.hpp"
#include "tools/office/store.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {

using traffic::csv_mark;
using traffic::csv_row;

/// A whole file: byte order mark, heads, and a row for each airing with everything that its record holds.
[[nodiscard]] std::string airings_csv(const std::vector<AiringRow>& rows);

/// A row for each promise, with its one outcome: byte order mark and heads.
[[nodiscard]] std::string promises_csv_head();
/// The rows of one place's day. Waived promises are rows too.
[[nodiscard]] std::string promises_csv_rows(const DayFacts& place, const SettledDay& day);

}  // namespace riverlight::office
