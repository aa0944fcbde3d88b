#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace riverlight::player {

/// How good a place to break a line is.
enum class Ease {
    phrase,  ///< at a space, or wherever the script breaks as a matter of course
    word,    ///< between two words that a dictionary told apart: it may be mistaken
    part     ///< likewise, beside a word of a single syllable, where dictionaries err most
};

struct Break {
    std::size_t at = 0;  ///< byte offset of what begins the next line
    Ease ease = Ease::phrase;
};

/// Where a text may be broken, as byte offsets into its UTF-8 (ends of lines, so never 0), in rising order.
struct Breaks {
    /// Line break opportunities: UAX #14 and ICU's dictionaries for the locale, LB20a and LB28a of the
    /// newer rules, less those that no reader would accept (inside a syllable, before a lone consonant that a
    /// dictionary left over). The last is the text's end.
    std::vector<Break> lines;
    /// Ends of syllables as they are written: grapheme clusters joined with the stacked and closing
    /// consonants, preposed vowels and signs that belong to them. For what has no break that fits.
    std::vector<std::size_t> syllables;
    std::vector<std::size_t> graphemes;  ///< ends of grapheme clusters (UAX #29)
};
/// `text` is valid UTF-8 without line ends. Throws Error where ICU's data are missing.
[[nodiscard]] Breaks breaks_of(std::string_view text, std::string_view locale);

}  // namespace riverlight::player
