#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/office/airing_store.hpp"
#include "tools/office/figures/settle.hpp"

/// What exports hold: rows of cells, the same in every format (sheet_file.hpp).
namespace riverlight::office {

/// Takes rows, cell by cell.
class SheetRows {
  public:
    SheetRows() = default;
    virtual ~SheetRows() = default;
    SheetRows(const SheetRows&) = delete;
    SheetRows& operator=(const SheetRows&) = delete;
    SheetRows(SheetRows&&) = delete;
    SheetRows& operator=(SheetRows&&) = delete;

    virtual void text(std::string_view value) = 0;
    /// Absent: an empty cell of a column of numbers.
    virtual void number(const std::optional<std::int64_t>& value) = 0;
    virtual void end_row() = 0;
};

/// Of an airing, everything that its record holds and what the office makes of it.
[[nodiscard]] std::vector<std::string> airing_heads();
void write_airing(const AiringRow& airing, SheetRows& to);

/// Of a promise, what became of it. Waived promises are rows too.
[[nodiscard]] std::vector<std::string> promise_heads();
void write_promise(const DayFacts& day, const Settlement& one, SheetRows& to);

}  // namespace riverlight::office
