#include "tools/office/sheet_file.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <cassert>

#include "tools/office/workbook.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {
namespace {

struct FormatNames {
    SheetFormat format;
    std::string_view text, type;
};
constexpr std::array names{FormatNames{SheetFormat::csv, "csv", "text/csv; charset=utf-8; header=present"},
                           FormatNames{SheetFormat::json_lines, "jsonl", "application/x-ndjson"},
                           FormatNames{SheetFormat::xlsx, "xlsx",
                                       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}};

const FormatNames& names_of(SheetFormat format) {
    return names.at(static_cast<std::size_t>(format));
}

void append_csv(const SheetRow& row, std::string& out) {
    std::vector<traffic::CsvCell> cells;
    cells.reserve(row.size());
    for (const auto& cell : row)
        cells.push_back(cell.is_number() ? traffic::CsvCell::number(cell.number())
                                         : traffic::CsvCell::text(cell.text()));
    out += traffic::csv_line(cells);
}

class CsvFile : public SheetFile {
  public:
    explicit CsvFile(std::unique_ptr<SheetSource> source) : source_(std::move(source)) {}
    std::optional<std::string> next() override {
        std::string out;
        if (!has_begun_) {
            has_begun_ = true;
            return std::string(traffic::csv_mark) + traffic::csv_row(source_->heads());
        }
        const auto rows = source_->next();
        if (!rows) return std::nullopt;
        for (const auto& row : *rows) append_csv(row, out);
        return out;
    }

  private:
    std::unique_ptr<SheetSource> source_;
    bool has_begun_ = false;
};

std::string json_of(const std::string& text) {
    return boost::json::serialize(boost::json::string(text));
}

class JsonLinesFile : public SheetFile {
  public:
    explicit JsonLinesFile(std::unique_ptr<SheetSource> source) : source_(std::move(source)) {
        for (const auto& head : source_->heads())
            members_.push_back((members_.empty() ? "{" : ",") + json_of(head) + ":");
    }
    std::optional<std::string> next() override {
        const auto rows = source_->next();
        if (!rows) return std::nullopt;
        std::string out;
        for (const auto& row : *rows) {
            assert(row.size() == members_.size());
            for (std::size_t i = 0; i < row.size(); ++i) {
                out += members_[i];
                const auto& cell = row[i];
                if (!cell.is_number())
                    out += json_of(cell.text());
                else
                    out += cell.number() ? std::to_string(*cell.number()) : "null";
            }
            out += "}\n";
        }
        return out;
    }

  private:
    std::unique_ptr<SheetSource> source_;
    std::vector<std::string> members_;
};

/// Its parts can be put together only when the last row is known.
class XlsxFile : public SheetFile {
  public:
    XlsxFile(std::unique_ptr<SheetSource> source, const std::string& folder)
        : source_(std::move(source)), workbook_(folder, source_->heads()) {}
    std::optional<std::string> next() override {
        if (source_) {
            if (const auto rows = source_->next()) {
                for (const auto& row : *rows) workbook_.add(row);
                return std::string();
            }
            source_.reset();
            workbook_.finish();
        }
        auto piece = workbook_.read(1U << 20);
        if (piece.empty()) return std::nullopt;
        return piece;
    }

  private:
    std::unique_ptr<SheetSource> source_;  ///< null: all rows are read
    Workbook workbook_;
};

}  // namespace

std::string_view to_text(SheetFormat format) {
    return names_of(format).text;
}

std::optional<SheetFormat> parse_sheet_format(std::string_view text) {
    for (const auto& one : names)
        if (one.text == text) return one.format;
    return std::nullopt;
}

std::string_view media_type(SheetFormat format) {
    return names_of(format).type;
}

std::unique_ptr<SheetFile> make_sheet_file(SheetFormat format, std::unique_ptr<SheetSource> source,
                                           const std::string& folder) {
    switch (format) {
        case SheetFormat::csv:
            return std::make_unique<CsvFile>(std::move(source));
        case SheetFormat::json_lines:
            return std::make_unique<JsonLinesFile>(std::move(source));
        case SheetFormat::xlsx:
            return std::make_unique<XlsxFile>(std::move(source), folder);
    }
    assert(false && "a format of the enumeration");
    return nullptr;
}

}  // namespace riverlight::office
