#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace riverlight::player {

/// Where a text may be broken, as byte offsets into its UTF-8 (ends of lines, so never 0).
struct Breaks {
    std::vector<std::size_t>
        lines;  ///< line break opportunities of ICU for the locale (UAX #14, dictionaries),
                ///< only where a grapheme cluster ends; the last is the text's end
    std::vector<std::size_t> graphemes;  ///< ends of grapheme clusters (UAX #29)
};
/// `text` is valid UTF-8 without line ends. Throws Error where ICU's data are missing.
[[nodiscard]] Breaks breaks_of(std::string_view text, std::string_view locale);

/// Valid UTF-8 whatever came in: what is not becomes U+FFFD; control characters but `\n` go.
[[nodiscard]] std::string clean_utf8(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);
/// The code points of valid UTF-8.
[[nodiscard]] std::u32string code_points(std::string_view text);
[[nodiscard]] std::string to_utf8(char32_t code_point);

}  // namespace riverlight::player
