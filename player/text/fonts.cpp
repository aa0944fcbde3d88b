#include "player/text/fonts.hpp"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <array>
#include <vector>

#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

struct Family {
    UScriptCode script;
    std::string_view name;
};
/// Scripts whose family is not "Noto Sans" and the script's name.
constexpr std::array families{
    Family{USCRIPT_LATIN, "Noto Sans"},
    Family{USCRIPT_GREEK, "Noto Sans"},
    Family{USCRIPT_CYRILLIC, "Noto Sans"},
    Family{USCRIPT_ARABIC, "Noto Naskh Arabic, Noto Sans Arabic"},
    Family{USCRIPT_TIBETAN, "Noto Serif Tibetan"},
    Family{USCRIPT_HANGUL, "Noto Sans CJK KR"},
    Family{USCRIPT_KOREAN, "Noto Sans CJK KR"},
    Family{USCRIPT_KATAKANA_OR_HIRAGANA, "Noto Sans CJK JP"},
    Family{USCRIPT_HIRAGANA, "Noto Sans CJK JP"},
    Family{USCRIPT_KATAKANA, "Noto Sans CJK JP"},
    Family{USCRIPT_JAPANESE, "Noto Sans CJK JP"},
    Family{USCRIPT_SIMPLIFIED_HAN, "Noto Sans CJK SC"},
    Family{USCRIPT_TRADITIONAL_HAN, "Noto Sans CJK TC"},
    Family{USCRIPT_BOPOMOFO, "Noto Sans CJK TC"},
    Family{USCRIPT_HAN, "Noto Sans CJK SC"},
    Family{USCRIPT_NKO, "Noto Sans NKo"},
    Family{USCRIPT_PHAGS_PA, "Noto Sans PhagsPa"},
    Family{USCRIPT_NYIAKENG_PUACHUE_HMONG, "Noto Serif Hmong Nyiakeng"},
    Family{USCRIPT_AHOM, "Noto Serif Ahom"},
    Family{USCRIPT_DOGRA, "Noto Serif Dogra"},
    Family{USCRIPT_TANGUT, "Noto Serif Tangut"},
    Family{USCRIPT_YEZIDI, "Noto Serif Yezidi"},
    Family{USCRIPT_NUSHU, "Noto Sans Nushu, Noto Traditional Nushu"},
    Family{USCRIPT_LANNA, "Noto Sans Tai Tham"},
    Family{USCRIPT_MEITEI_MAYEK, "Noto Sans Meetei Mayek"},
    Family{USCRIPT_SIGN_WRITING, "Noto Sans SignWriting"},
};

std::string family_of(UScriptCode script) {
    const auto* found =
        std::find_if(families.begin(), families.end(), [&](const Family& f) { return f.script == script; });
    if (found != families.end()) return std::string(found->name);
    std::string name = uscript_getName(script);
    std::replace(name.begin(), name.end(), '_', ' ');
    return "Noto Sans " + name;
}

/// The locale with its most likely script and region.
icu::Locale maximized(std::string_view locale) {
    UErrorCode status = U_ZERO_ERROR;
    auto out = icu::Locale::forLanguageTag(std::string(locale), status);
    if (U_FAILURE(status)) out = icu::Locale::getRoot();
    status = U_ZERO_ERROR;
    out.addLikelySubtags(status);
    return out;
}

UScriptCode script_of(const icu::Locale& locale) {
    const auto code = u_getPropertyValueEnum(UCHAR_SCRIPT, locale.getScript());
    if (std::string_view(locale.getScript()) == "Hans") return USCRIPT_SIMPLIFIED_HAN;
    if (std::string_view(locale.getScript()) == "Hant") return USCRIPT_TRADITIONAL_HAN;
    if (std::string_view(locale.getScript()) == "Jpan") return USCRIPT_JAPANESE;
    if (std::string_view(locale.getScript()) == "Kore") return USCRIPT_KOREAN;
    return code < 0 ? USCRIPT_LATIN : static_cast<UScriptCode>(code);
}

/// Scripts with letters in the text, in order of appearance.
std::vector<UScriptCode> scripts_in(std::string_view text) {
    std::vector<UScriptCode> out;
    auto last = USCRIPT_COMMON;
    for (const auto c : code_points(text)) {
        UErrorCode status = U_ZERO_ERROR;
        const auto script = uscript_getScript(static_cast<UChar32>(c), &status);
        if (U_FAILURE(status) || script == last || script == USCRIPT_COMMON || script == USCRIPT_INHERITED ||
            script == USCRIPT_UNKNOWN)
            continue;
        last = script;
        if (std::find(out.begin(), out.end(), script) == out.end()) out.push_back(script);
    }
    return out;
}

/// Families that readers of a language or region expect.
std::string_view regional_family(const icu::Locale& locale) {
    const std::string_view language = locale.getLanguage(), country = locale.getCountry();
    if (language == "ur" && std::string_view(locale.getScript()) == "Arab") return "Noto Nastaliq Urdu";
    if (std::string_view(locale.getScript()) == "Hant" && country == "HK") return "Noto Sans CJK HK";
    return {};
}

}  // namespace

std::string font_stack(std::string_view text, std::string_view locale) {
    const auto full = maximized(locale);
    std::vector<std::string> stack;
    const auto add = [&](std::string name) {
        if (!name.empty() && std::find(stack.begin(), stack.end(), name) == stack.end())
            stack.push_back(std::move(name));
    };
    add(std::string(regional_family(full)));
    const auto own = script_of(full);
    add(family_of(own));
    for (const auto script : scripts_in(text)) {
        // The locale's own family already draws Han, in its readers' forms.
        const bool own_han = script == USCRIPT_HAN && (own == USCRIPT_TRADITIONAL_HAN ||
                                                       own == USCRIPT_JAPANESE || own == USCRIPT_KOREAN);
        if (!own_han) add(family_of(script));
    }
    for (const auto* name : {"Noto Sans", "Noto Sans CJK SC", "Noto Sans Symbols", "Noto Sans Symbols2"})
        add(name);
    std::string out;
    for (const auto& name : stack) out += (out.empty() ? "" : ", ") + name;
    return out;
}

bool is_right_to_left(std::string_view paragraph, std::string_view locale) {
    for (std::size_t at = 0; at < paragraph.size();) {
        const auto direction = u_charDirection(static_cast<UChar32>(next_code_point(paragraph, at)));
        if (direction == U_LEFT_TO_RIGHT) return false;
        if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) return true;
    }
    return maximized(locale).isRightToLeft() != 0;
}

}  // namespace riverlight::player
