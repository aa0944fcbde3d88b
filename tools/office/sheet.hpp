#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tools/office/airing_store.hpp"
#include "tools/office/figures/settle.hpp"

/// What exports hold: rows of cells, the same in every format (sheet_file.hpp).
namespace riverlight::office {

/// A text, a number or nothing.
class SheetCell {
  public:
    SheetCell() = default;
    [[nodiscard]] static SheetCell text(std::string value) {
        SheetCell out;
        out.text_ = std::move(value);
        return out;
    }
    /// Absent: nothing.
    [[nodiscard]] static SheetCell number(std::optional<std::int64_t> value) {
        SheetCell out;
        out.is_number_ = true;
        out.number_ = value;
        return out;
    }
    [[nodiscard]] bool is_number() const { return is_number_; }
    [[nodiscard]] const std::optional<std::int64_t>& number() const { return number_; }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    bool is_number_ = false;
    std::string text_;
    std::optional<std::int64_t> number_;
};
using SheetRow = std::vector<SheetCell>;

/// Of an airing, everything that its record holds and what the office makes of it.
[[nodiscard]] std::vector<std::string> airing_heads();
void set_airing_cells(const AiringRow& airing, SheetRow& row);

/// Of a promise, what became of it. Waived promises are rows too.
[[nodiscard]] std::vector<std::string> promise_heads();
void set_promise_cells(const DayFacts& day, const Settlement& one, SheetRow& row);

}  // namespace riverlight::office
