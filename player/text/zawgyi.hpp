#pragma once
#include <string>
#include <string_view>

namespace riverlight::player {

/// How Burmese was typed. Zawgyi is an older font encoding on the same code points as Unicode's, in visual
/// order; read as Unicode it is gibberish.
enum class MyanmarEncoding {
    unicode,  ///< or holds no Burmese
    zawgyi,
    mixed  ///< parts of both: neither reading is right
};

/// Judges by what one encoding allows and the other cannot hold. For Zawgyi: a vowel e (U+1031) or medial
/// with nothing before it to belong to; a virama (U+1039) with nothing to stack. For Unicode: a vowel e with
/// its consonant before it and no consonant after it; an asat (U+103A) that closes with a tone (U+1037,
/// U+1038) or bears a virama (kinzi). Shan, Mon, Karen and Pali have no such Zawgyi marks.
[[nodiscard]] MyanmarEncoding myanmar_encoding(std::string_view text);

/// By ICU's transliterator Zawgyi-my. Throws Error where ICU's data are missing.
[[nodiscard]] std::string zawgyi_to_unicode(std::string_view text);

}  // namespace riverlight::player
