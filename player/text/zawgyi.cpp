#include "player/text/zawgyi.hpp"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <memory>

#include "content/base/error.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

constexpr char32_t vowel_e = 0x1031, dot_below = 0x1037, visarga = 0x1038, virama = 0x1039, asat = 0x103a;

/// Consonants and independent vowels of every language of the script.
bool is_base(char32_t c) {
    return (c >= 0x1000 && c <= 0x102a) || c == 0x103f || (c >= 0x1050 && c <= 0x1055) ||
           (c >= 0x105a && c <= 0x105d) || c == 0x1061 || c == 0x1065 || c == 0x1066 ||
           (c >= 0x106e && c <= 0x1070) || (c >= 0x1075 && c <= 0x1081) || c == 0x108e || c == 0x104e ||
           (c >= 0xa9e0 && c <= 0xa9fe) || (c >= 0xaa60 && c <= 0xaa7f) || c == 0x25cc || c == 0x00a0;
}

bool is_medial(char32_t c) {
    return (c >= 0x103b && c <= 0x103e) || (c >= 0x105e && c <= 0x1060) || c == 0x1082;
}

/// Whether the consonant of sign `i` has a vowel e before it, as Zawgyi stores it.
bool follows_vowel_e(const std::u32string& text, std::size_t i) {
    while (i > 0 && is_medial(text[i - 1])) --i;
    return i > 1 && is_base(text[i - 1]) && text[i - 2] == vowel_e;
}

char32_t at(const std::u32string& text, std::size_t i) {
    return i < text.size() ? text[i] : U'\0';
}

/// Whether sign `i` has a base before it, as in Unicode's storage order.
bool has_base(const std::u32string& text, std::size_t i) {
    const auto before = i > 0 ? text[i - 1] : U'\0';
    // An asat counts: Mon writes e after a closed syllable.
    return is_base(before) || is_medial(before) || before == asat || before == 0x200d || before == 0x200c;
}

/// A sequence that valid Unicode text never has.
bool is_zawgyi_only(const std::u32string& text, std::size_t i) {
    const auto c = text[i];
    if (c == virama) return !is_base(at(text, i + 1));
    if (c == vowel_e) return !has_base(text, i);
    return is_medial(c) && !has_base(text, i) && (i == 0 || text[i - 1] != vowel_e);
}

/// A sequence that Zawgyi text never has.
bool is_unicode_only(const std::u32string& text, std::size_t i) {
    const auto c = text[i], before = i > 0 ? text[i - 1] : U'\0', after = at(text, i + 1);
    if (c == vowel_e)
        return has_base(text, i) && !is_base(after) && !is_medial(after) && after >= 0x102b &&
               after <= 0x103a;
    if (c != asat || follows_vowel_e(text, i)) return false;
    return after == visarga || after == dot_below || after == virama || before == dot_below;
}

struct EncodingMarks {
    std::size_t zawgyi = 0, unicode = 0;
};

EncodingMarks count_marks(const std::u32string& text) {
    EncodingMarks found;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_zawgyi_only(text, i)) ++found.zawgyi;
        if (is_unicode_only(text, i)) ++found.unicode;
    }
    return found;
}

}  // namespace

MyanmarEncoding myanmar_encoding(std::string_view text) {
    const auto found = count_marks(code_points(text));
    // A few typing errors do not make a text Zawgyi.
    if (found.zawgyi == 0 || found.unicode >= 4 * found.zawgyi) return MyanmarEncoding::unicode;
    if (found.unicode == 0 || found.zawgyi >= 4 * found.unicode) return MyanmarEncoding::zawgyi;
    return found.zawgyi > 1 ? MyanmarEncoding::mixed : MyanmarEncoding::unicode;
}

std::string zawgyi_to_unicode(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::Transliterator> converter(
        icu::Transliterator::createInstance("Zawgyi-my", UTRANS_FORWARD, status));
    if (U_FAILURE(status) || !converter)
        throw Error(std::string("ICU cannot convert Zawgyi (") + u_errorName(status) +
                    "); install Debian's libicu72, or save the text as Unicode");
    auto letters = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
    converter->transliterate(letters);
    std::string out;
    return letters.toUTF8String(out);
}

}  // namespace riverlight::player
