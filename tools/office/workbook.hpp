#pragma once
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "tools/office/sheet.hpp"

struct lxw_workbook;
struct lxw_worksheet;

namespace riverlight::office {

/// A spreadsheet (Office Open XML, ECMA-376) that is written row by row to a file on disk, and read back when
/// it is whole. The only user of libxlsxwriter.
class Workbook : public SheetRows {
  public:
    /// Throws Error if nothing can be written in `folder`.
    Workbook(const std::string& folder, std::vector<std::string> heads);
    ~Workbook() override;
    Workbook(const Workbook&) = delete;
    Workbook& operator=(const Workbook&) = delete;
    Workbook(Workbook&&) = delete;
    Workbook& operator=(Workbook&&) = delete;

    void text(std::string_view value) override;
    void number(const std::optional<std::int64_t>& value) override;
    void end_row() override;
    /// No more rows. Throws Error if the disk is full.
    void finish();
    /// After finish(): the next bytes, at most `most`; empty at the end.
    [[nodiscard]] std::string read(std::size_t most);

  private:
    struct Discard {
        void operator()(lxw_workbook* book) const;
    };
    void begin_sheet();
    void begin_cell();

    std::string path_, folder_;
    std::vector<std::string> heads_;
    std::unique_ptr<lxw_workbook, Discard> book_;  ///< null: finished
    lxw_worksheet* sheet_ = nullptr;
    std::uint32_t rows_ = 0;    ///< of the sheet, with its heads
    std::uint16_t column_ = 0;  ///< of the next cell
    std::ifstream file_;
};

}  // namespace riverlight::office
