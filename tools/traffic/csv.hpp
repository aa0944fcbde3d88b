#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Comma-separated values (RFC 4180) that spreadsheets open as text.
namespace riverlight::traffic {

/// The UTF-8 byte order mark, without which spreadsheets do not read a file as UTF-8.
inline constexpr std::string_view csv_mark = "\xEF\xBB\xBF";

/// A cell of a column of text or of a column of numbers.
class CsvCell {
  public:
    /// A text that a spreadsheet would run as a formula gets an apostrophe in front: one whose first
    /// character, after blanks and apostrophes, is = + - @ | %, one of these in full width, a tab or a line
    /// end.
    [[nodiscard]] static CsvCell text(const std::string& value);
    /// A number stays one, negative or not. Absent: an empty cell.
    [[nodiscard]] static CsvCell number(std::optional<std::int64_t> value);
    /// The same of a number's digits, or of nothing.
    [[nodiscard]] static CsvCell number(const std::string& digits);
    [[nodiscard]] const std::string& written() const { return written_; }

  private:
    explicit CsvCell(std::string written) : written_(std::move(written)) {}
    std::string written_;
};

/// Writes rows behind a text, cell by cell: the same bytes as csv_line() without a cell of its own for each.
class CsvWriter {
  public:
    /// `out` outlives it.
    explicit CsvWriter(std::string& out) : out_(out) {}
    void text(std::string_view value);
    void number(const std::optional<std::int64_t>& value);
    void end_row();

  private:
    void begin_cell();
    std::string& out_;
    bool is_first_ = true;
};

/// Writes one row, with CRLF.
[[nodiscard]] std::string csv_line(const std::vector<CsvCell>& cells);
/// Writes one row of texts.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& texts);

struct CsvRow {
    int line = 0;  ///< the line where the row begins, from 1
    std::vector<std::string> cells;
};
/// Reads what csv_line wrote: drops the byte order mark and the apostrophes, and skips empty lines. Throws
/// Error naming `file` and the line for an unclosed quote, text after a closing quote, more than 100 cells in
/// a row, 64 KiB in a cell, or 500,000 rows.
[[nodiscard]] std::vector<CsvRow> read_csv_rows(std::string_view text, const std::string& file);

}  // namespace riverlight::traffic
