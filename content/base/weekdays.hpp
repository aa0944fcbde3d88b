#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace riverlight {

/// `mon`, or a span such as `mon-fri`, which may wrap (`fri-mon`), as bits: bit 0 Monday … bit 6 Sunday.
/// Nothing for any other word.
[[nodiscard]] std::optional<unsigned> weekdays_of(std::string_view text);
/// One span of them as weekdays_of reads it; empty for all seven, and for what is no one span.
[[nodiscard]] std::string weekdays_text(unsigned weekdays);

}  // namespace riverlight
