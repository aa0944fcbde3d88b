#include "tools/office/sheet_file.hpp"

#include <algorithm>
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

/// Rows of CSV behind a text.
class CsvRows : public SheetRows {
  public:
    explicit CsvRows(std::string& out) : csv_(out) {}
    void text(std::string_view value) override { csv_.text(value); }
    void number(const std::optional<std::int64_t>& value) override { csv_.number(value); }
    void end_row() override { csv_.end_row(); }

  private:
    traffic::CsvWriter csv_;
};

class CsvFile : public SheetFile {
  public:
    explicit CsvFile(std::unique_ptr<SheetSource> source) : source_(std::move(source)) {}
    std::optional<std::string> next() override {
        std::string out;
        if (!has_begun_) {
            has_begun_ = true;
            return std::string(traffic::csv_mark) + traffic::csv_row(source_->heads());
        }
        CsvRows rows(out);
        if (!source_->next(rows)) return std::nullopt;
        return out;
    }

  private:
    std::unique_ptr<SheetSource> source_;
    bool has_begun_ = false;
};

void append_json(std::string& out, std::string_view text) {
    const bool stands_as_it_is = std::none_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
    });
    if (!stands_as_it_is) {
        out += boost::json::serialize(boost::json::string(text));
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

/// Objects behind a text, one a line. `members`: what stands in front of each value.
class JsonRows : public SheetRows {
  public:
    JsonRows(std::string& out, const std::vector<std::string>& members) : out_(out), members_(members) {}
    void text(std::string_view value) override {
        out_ += members_.at(column_++);
        append_json(out_, value);
    }
    void number(const std::optional<std::int64_t>& value) override {
        out_ += members_.at(column_++);
        out_ += value ? std::to_string(*value) : "null";
    }
    void end_row() override {
        assert(column_ == members_.size());
        out_ += "}\n";
        column_ = 0;
    }

  private:
    std::string& out_;
    const std::vector<std::string>& members_;
    std::size_t column_ = 0;
};

class JsonLinesFile : public SheetFile {
  public:
    explicit JsonLinesFile(std::unique_ptr<SheetSource> source) : source_(std::move(source)) {
        for (const auto& head : source_->heads()) {
            auto& member = members_.emplace_back(members_.empty() ? "{" : ",");
            append_json(member, head);
            member += ':';
        }
    }
    std::optional<std::string> next() override {
        std::string out;
        JsonRows rows(out, members_);
        if (!source_->next(rows)) return std::nullopt;
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
            if (source_->next(workbook_)) return std::string();
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
