#include "tools/office/workbook.hpp"

#include <unistd.h>
#include <xlsxwriter.h>

#include <array>
#include <filesystem>

#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {
namespace {

constexpr std::uint32_t most_rows = LXW_ROW_MAX;

std::string temporary_name(const std::string& folder) {
    return folder + "/export-" + random_hex(8) + ".xlsx";
}

void require(lxw_error error) {
    if (error != LXW_NO_ERROR)
        throw Error(std::string("an export could not be written: ") + lxw_strerror(error));
}

}  // namespace

void Workbook::Discard::operator()(lxw_workbook* book) const {
    lxw_workbook_free(book);
}

Workbook::Workbook(const std::string& folder, std::vector<std::string> heads)
    : path_(temporary_name(folder)), folder_(folder), heads_(std::move(heads)) {
    if (::access(folder.c_str(), W_OK) != 0)
        throw Error(folder + ": an export could not be begun there; check that the folder may be written to");
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = folder_.data();
    book_.reset(workbook_new_opt(path_.c_str(), &options));
    if (!book_) throw Error(folder + ": an export could not be begun there");
    begin_sheet();
}

Workbook::~Workbook() {
    book_.reset();
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void Workbook::begin_sheet() {
    sheet_ = workbook_add_worksheet(book_.get(), nullptr);
    if (!sheet_) throw Error(folder_ + ": an export could not be written there");
    rows_ = 0;
    for (const auto& head : heads_) text(head);
    end_row();
}

void Workbook::begin_cell() {
    if (column_ == 0 && rows_ == most_rows) begin_sheet();
}

void Workbook::text(std::string_view value) {
    begin_cell();
    const auto cell = traffic::CsvCell::text(std::string(value));
    require(worksheet_write_string(sheet_, rows_, column_++, cell.written().c_str(), nullptr));
}

void Workbook::number(const std::optional<std::int64_t>& value) {
    begin_cell();
    if (value) require(worksheet_write_number(sheet_, rows_, column_, static_cast<double>(*value), nullptr));
    ++column_;
}

void Workbook::end_row() {
    ++rows_;
    column_ = 0;
}

void Workbook::finish() {
    const auto error = workbook_close(book_.release());  // frees it, too
    if (error != LXW_NO_ERROR)
        throw Error(folder_ + ": an export could not be written (" + lxw_strerror(error) +
                    "); check that the disk is not full");
    file_.open(path_, std::ios::binary);
}

std::string Workbook::read(std::size_t most) {
    std::string out(most, '\0');
    file_.read(out.data(), static_cast<std::streamsize>(most));
    out.resize(static_cast<std::size_t>(file_.gcount()));
    return out;
}

}  // namespace riverlight::office
