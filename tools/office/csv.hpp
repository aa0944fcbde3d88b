#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tools/office/store.hpp"

namespace riverlight::office {

/// One row of RFC 4180. A cell that a spreadsheet would run as a formula (it begins with = + - @ | %, a tab
/// or a carriage return, blanks before them skipped) gets an apostrophe in front and stays text.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);

/// Airings as a whole file: its mark, its heads, a row each. All there is to one, down to its hash.
[[nodiscard]] std::string airings_csv(const std::vector<AiringRow>& rows);

/// What a file begins with so that spreadsheets read it as UTF-8.
constexpr std::string_view csv_mark = "\xEF\xBB\xBF";

}  // namespace riverlight::office
