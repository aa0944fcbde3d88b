#pragma once
#include <span>
#include <string>
#include <string_view>

#include "tools/traffic/as_run.hpp"

/// A spot's fields by name: CSV, BXF's private information and CCMS's user column use the same table.
namespace riverlight::traffic {

/// What a spreadsheet holds in a column.
enum class Cells { text, numbers };

struct SpotField {
    std::string_view name;
    Cells cells;
    std::string (*get)(const Spot& spot);            ///< empty: absent
    bool (*set)(Spot& spot, std::string_view text);  ///< false: not a value of this field
};
[[nodiscard]] std::span<const SpotField> spot_fields();
/// Sets the field with this name and ignores unknown names. False if `text` is not a value of the field.
[[nodiscard]] bool set_field(Spot& spot, std::string_view name, std::string_view text);

/// `a=1&b=2`, for fixed-column files and single cells. Every byte of a name or value other than letters,
/// digits and `-._:+` becomes %XX.
[[nodiscard]] std::string pack(const std::map<std::string, std::string>& pairs);
/// Reads what pack() wrote into `into`. False if the text has another form or more than 64 pairs.
[[nodiscard]] bool unpack(std::string_view text, std::map<std::string, std::string>& into);

}  // namespace riverlight::traffic
