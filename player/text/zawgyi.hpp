#pragma once
#include <string>
#include <string_view>

namespace riverlight::player {

/// The encoding of a Burmese text. Zawgyi is an older font encoding that uses Unicode's code points in visual
/// order; read as Unicode it is illegible.
enum class MyanmarEncoding {
    unicode,  ///< or there is no Burmese in it
    zawgyi,
    mixed  ///< parts of both: neither reading is right
};

/// Decides by sequences that are valid in one encoding only. In Zawgyi: a vowel e (U+1031) or medial without
/// a base before it; a virama (U+1039) without a consonant after it. In Unicode: a vowel e after its
/// consonant and not before one; an asat (U+103A) followed by a tone (U+1037, U+1038) or by a virama (kinzi).
/// Shan, Mon, Karen and Pali have none of these Zawgyi sequences.
[[nodiscard]] MyanmarEncoding myanmar_encoding(std::string_view text);

/// Converts with ICU's transliterator Zawgyi-my. Throws Error where ICU's data are missing.
[[nodiscard]] std::string zawgyi_to_unicode(std::string_view text);

}  // namespace riverlight::player
