#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/office/sheet_file.hpp"

namespace riverlight::office {

/// Rows that are there already.
class GivenRows : public SheetSource {
  public:
    /// `write` writes all of them.
    GivenRows(std::vector<std::string> heads, std::function<void(SheetRows& to)> write)
        : heads_(std::move(heads)), write_(std::move(write)) {}
    std::vector<std::string> heads() const override { return heads_; }
    bool next(SheetRows& to) override {
        if (!write_) return false;
        std::exchange(write_, nullptr)(to);
        return true;
    }

  private:
    std::vector<std::string> heads_;
    std::function<void(SheetRows& to)> write_;
};

/// A whole file.
inline std::string file_of(SheetFormat format, std::unique_ptr<SheetSource> rows, const std::string& folder) {
    const auto file = make_sheet_file(format, std::move(rows), folder);
    std::string out;
    while (const auto piece = file->next()) out += *piece;
    return out;
}

inline std::string airings_csv(const std::vector<AiringRow>& airings) {
    const auto write = [&](SheetRows& to) {
        for (const auto& airing : airings) write_airing(airing, to);
    };
    return file_of(SheetFormat::csv, std::make_unique<GivenRows>(airing_heads(), write), ".");
}

}  // namespace riverlight::office
