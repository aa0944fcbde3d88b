#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace riverlight::player {

/// How good a place to break a line is, best first.
enum class BreakQuality {
    phrase,    ///< at a space, or where the script breaks anyway
    word,      ///< between two words that a dictionary found; it may be wrong
    uncertain  ///< the same beside a word of one syllable, where dictionaries err most
};

struct Break {
    std::size_t at = 0;  ///< byte offset where the next line begins
    BreakQuality quality = BreakQuality::phrase;
};

/// Where a text may be broken: byte offsets of line ends in its UTF-8, never 0, in rising order.
struct Breaks {
    /// Line break opportunities: UAX #14 with ICU's dictionaries for the locale, LB20a and LB28a of newer
    /// versions, without those that no reader would accept (inside a syllable, before a lone consonant that a
    /// dictionary left over). The last is the end of the text.
    std::vector<Break> lines;
    /// Ends of written syllables: grapheme clusters joined with the stacked and closing consonants, preposed
    /// vowels and signs that belong to them. Used where no line break fits.
    std::vector<std::size_t> syllables;
    std::vector<std::size_t> graphemes;  ///< ends of grapheme clusters (UAX #29)
};
/// `text` is valid UTF-8 without line ends. Throws Error where ICU's data are missing.
[[nodiscard]] Breaks find_breaks(std::string_view text, std::string_view locale);

}  // namespace riverlight::player
