#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/office/sheet_file.hpp"

namespace riverlight::office {

/// Rows that are there already.
class GivenRows : public SheetSource {
  public:
    GivenRows(std::vector<std::string> heads, std::vector<SheetRow> rows)
        : heads_(std::move(heads)), rows_(std::move(rows)) {}
    std::vector<std::string> heads() const override { return heads_; }
    std::optional<std::vector<SheetRow>> next() override { return std::exchange(rows_, std::nullopt); }

  private:
    std::vector<std::string> heads_;
    std::optional<std::vector<SheetRow>> rows_;
};

/// A whole file.
inline std::string file_of(SheetFormat format, std::unique_ptr<SheetSource> rows, const std::string& folder) {
    const auto file = make_sheet_file(format, std::move(rows), folder);
    std::string out;
    while (const auto piece = file->next()) out += *piece;
    return out;
}

inline std::string airings_csv(const std::vector<AiringRow>& airings) {
    std::vector<SheetRow> rows(airings.size());
    for (std::size_t i = 0; i < airings.size(); ++i) set_airing_cells(airings[i], rows[i]);
    return file_of(SheetFormat::csv, std::make_unique<GivenRows>(airing_heads(), std::move(rows)), ".");
}

}  // namespace riverlight::office
