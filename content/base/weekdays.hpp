#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace riverlight {

/// Reads `mon`, or a range such as `mon-fri`, which may wrap (`fri-mon`), into bits: bit 0 Monday … bit 6
/// Sunday. Nothing for any other text.
[[nodiscard]] std::optional<unsigned> parse_weekdays(std::string_view text);
/// The range that parse_weekdays reads as these bits. Empty for all seven days, and for sets that are not one
/// range.
[[nodiscard]] std::string format_weekdays(unsigned weekdays);

}  // namespace riverlight
