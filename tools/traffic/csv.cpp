#include "tools/traffic/csv.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <iterator>
#include <utility>

#include "content/base/error.hpp"

namespace riverlight::traffic {
namespace {

constexpr std::size_t most_rows = 500'000, most_cells = 100, longest_cell = 64U << 10;

/// What spreadsheets skip before a formula, apostrophes included: blanks, also without a break, of full width
/// and of none.
constexpr std::string_view skipped[] = {" ", "'", "\u00a0", "\u3000", "\u200b", "\ufeff"};
/// What a formula begins with. East Asian input methods write these signs in full width, and spreadsheets of
/// these languages run them too.
constexpr std::string_view formula_signs[] = {"=",      "+",      "-",      "@",      "\t",
                                              "\r",     "\n",     "|",      "%",      "\uff1d",
                                              "\uff0b", "\uff0d", "\uff20", "\uff5c", "\uff05"};

/// Most texts begin with one of these: they are no formula.
bool begins_plainly(std::string_view cell) {
    if (cell.empty()) return true;
    const char c = cell.front();
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_formula(std::string_view cell) {
    if (begins_plainly(cell)) return false;
    const auto begins = [&](std::string_view sign) { return cell.starts_with(sign); };
    for (;;) {
        const auto* const blank = std::find_if(std::begin(skipped), std::end(skipped), begins);
        if (blank == std::end(skipped)) break;
        cell.remove_prefix(blank->size());
    }
    return std::any_of(std::begin(formula_signs), std::end(formula_signs), begins);
}

/// In quotes if RFC 4180 asks for them, or if a reader would drop blanks at either end.
bool needs_quotes(std::string_view cell) {
    if (cell.empty()) return false;
    return cell.front() == ' ' || cell.back() == ' ' || std::any_of(cell.begin(), cell.end(), [](char c) {
               return c == ',' || c == '"' || c == '\r' || c == '\n';
           });
}

void append_quoted(std::string& out, std::string_view cell) {
    if (!needs_quotes(cell)) {
        out += cell;
        return;
    }
    out += '"';
    for (const char c : cell) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

/// Reads the text once, from front to back. Quotes as in RFC 4180, section 2.
class CsvReader {
  public:
    CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {
        if (text_.starts_with(csv_mark)) text_.remove_prefix(csv_mark.size());
    }

    std::vector<CsvRow> read_rows() {
        std::vector<CsvRow> out;
        while (!text_.empty()) {
            auto row = read_row();
            if (row.cells.size() == 1 && row.cells[0].empty()) continue;
            if (out.size() >= most_rows)
                fail(ReadFault::too_large, "more than 500,000 rows; give a file of fewer days");
            out.push_back(std::move(row));
        }
        return out;
    }

  private:
    [[noreturn]] void fail(ReadFault kind, const std::string& why) const {
        throw ReadError(kind, Where(file_).at(line_), why);
    }

    CsvRow read_row() {
        CsvRow row{line_, {}};
        for (;;) {
            if (row.cells.size() >= most_cells)
                fail(ReadFault::too_large, "more than 100 cells in a row; is this an as-run list?");
            auto cell = read_cell();
            if (is_formula(cell) && cell.front() == '\'') cell.erase(0, 1);
            row.cells.push_back(std::move(cell));
            if (text_.empty()) return row;
            const char end = text_.front();
            text_.remove_prefix(1);
            if (end == ',') continue;
            if (end == '\r' && text_.starts_with('\n')) text_.remove_prefix(1);
            ++line_;
            return row;
        }
    }

    std::string read_cell() {
        if (text_.starts_with('"')) return read_quoted_cell();
        const auto end = std::min(text_.find_first_of(",\r\n"), text_.size());
        if (end > longest_cell) fail(ReadFault::too_large, "a cell longer than 64 KiB");
        std::string cell(text_.substr(0, end));
        text_.remove_prefix(end);
        return cell;
    }

    std::string read_quoted_cell() {
        assert(text_.starts_with('"'));
        std::string cell;
        const int first_line = line_;
        text_.remove_prefix(1);
        for (;;) {
            const auto end = text_.find('"');
            if (end == std::string_view::npos) {
                line_ = first_line;
                fail(ReadFault::syntax, "a quote is opened but not closed; export the file again");
            }
            if (cell.size() + end > longest_cell) fail(ReadFault::too_large, "a cell longer than 64 KiB");
            for (const char c : text_.substr(0, end)) line_ += c == '\n';
            cell += text_.substr(0, end);
            text_.remove_prefix(end + 1);
            if (!text_.starts_with('"')) break;
            cell += '"';
            text_.remove_prefix(1);
        }
        if (!text_.empty() && std::string_view(",\r\n").find(text_.front()) == std::string_view::npos)
            fail(ReadFault::syntax, "text after a closing quote; export the file again");
        return cell;
    }

    std::string_view text_;
    const std::string& file_;
    int line_ = 1;
};

}  // namespace

CsvCell CsvCell::text(const std::string& value) {
    return CsvCell(is_formula(value) ? '\'' + value : value);
}

CsvCell CsvCell::number(std::optional<std::int64_t> value) {
    return CsvCell(value ? std::to_string(*value) : std::string());
}

CsvCell CsvCell::number(const std::string& digits) {
    assert(digits.find_first_not_of("-0123456789") == std::string::npos);
    return CsvCell(digits);
}

void CsvWriter::begin_cell() {
    if (!std::exchange(is_first_, false)) out_ += ',';
}

void CsvWriter::text(std::string_view value) {
    begin_cell();
    if (is_formula(value))
        append_quoted(out_, '\'' + std::string(value));
    else
        append_quoted(out_, value);
}

void CsvWriter::number(const std::optional<std::int64_t>& value) {
    begin_cell();
    if (!value) return;
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *value).ptr;
    out_.append(digits.data(), end);
}

void CsvWriter::end_row() {
    out_ += "\r\n";
    is_first_ = true;
}

std::string csv_line(const std::vector<CsvCell>& cells) {
    std::string out;
    for (const auto& cell : cells) {
        if (&cell != &cells.front()) out += ',';
        append_quoted(out, cell.written());
    }
    return out + "\r\n";
}

std::string csv_row(const std::vector<std::string>& texts) {
    std::vector<CsvCell> cells;
    cells.reserve(texts.size());
    for (const auto& text : texts) cells.push_back(CsvCell::text(text));
    return csv_line(cells);
}

std::vector<CsvRow> read_csv_rows(std::string_view text, const std::string& file) {
    return CsvReader(text, file).read_rows();
}

}  // namespace riverlight::traffic
