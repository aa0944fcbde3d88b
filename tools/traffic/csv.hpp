#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Comma-separated values (RFC 4180) that spreadsheets open as text.
namespace riverlight::traffic {

/// What a file begins with so that spreadsheets read it as UTF-8.
inline constexpr std::string_view csv_mark = "\xEF\xBB\xBF";

/// One row. A cell that a spreadsheet would run as a formula (it begins with = + - @ | %, a tab or a carriage
/// return; blanks and apostrophes before them skipped) gets an apostrophe in front and stays text.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);

struct CsvRow {
    int line = 0;  ///< where it begins, from 1
    std::vector<std::string> cells;
};
/// Reads what csv_row wrote: the mark and the apostrophes come off, empty lines are passed over. Throws Error
/// naming `file` and the line: an open quote, text behind a closed one, more than 100 cells in a row or 64
/// KiB in a cell, more than 500,000 rows.
[[nodiscard]] std::vector<CsvRow> read_csv_rows(std::string_view text, const std::string& file);

}  // namespace riverlight::traffic
