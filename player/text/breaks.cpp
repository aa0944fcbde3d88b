#include "player/text/breaks.hpp"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <memory>
#include <optional>
#include <string>

#include "content/base/error.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player {
namespace {

struct CloseText {
    void operator()(UText* text) const { utext_close(text); }
};

std::vector<std::size_t> boundaries(icu::BreakIterator& iterator, std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UText, CloseText> view(
        utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &status));
    iterator.setText(view.get(), status);
    if (U_FAILURE(status))
        throw Error(std::string("text cannot be broken into lines: ") + u_errorName(status));
    std::vector<std::size_t> out;
    iterator.first();
    for (auto at = iterator.next(); at != icu::BreakIterator::DONE; at = iterator.next())
        out.push_back(static_cast<std::size_t>(at));
    return out;
}

int property(char32_t c, UProperty which) {
    return u_getIntPropertyValue(static_cast<UChar32>(c), which);
}

bool is_letter(char32_t c) {
    return u_isalpha(static_cast<UChar32>(c)) != 0;
}

/// A text's code points, with the byte offset of each and of the end.
class Letters {
  public:
    explicit Letters(std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            offsets_.push_back(at);
            points_ += next_code_point(text, at);
        }
        offsets_.push_back(text.size());
    }
    /// Index of the letter that begins at a byte offset.
    [[nodiscard]] std::size_t index(std::size_t offset) const {
        return static_cast<std::size_t>(std::lower_bound(offsets_.begin(), offsets_.end(), offset) -
                                        offsets_.begin());
    }
    /// The code point; 0 beyond the end.
    [[nodiscard]] char32_t at(std::size_t index) const { return index < points_.size() ? points_[index] : 0; }
    [[nodiscard]] std::size_t size() const { return points_.size(); }

  private:
    std::u32string points_;
    std::vector<std::size_t> offsets_;
};

constexpr char32_t asat = 0x103a, dot_below = 0x1037;

bool is_medial(char32_t c) {
    return (c >= 0x103b && c <= 0x103e) || (c >= 0x105e && c <= 0x1060) || c == 0x1082;
}

/// A Burmese, Shan, Mon or Karen consonant that closes the syllable before it: it bears an asat.
bool closes_syllable(const Letters& letters, std::size_t i) {
    if (property(letters.at(i), UCHAR_SCRIPT) != USCRIPT_MYANMAR || !is_letter(letters.at(i))) return false;
    ++i;
    while (is_medial(letters.at(i)) || letters.at(i) == dot_below) ++i;
    return letters.at(i) == asat;
}

/// Repetition and abbreviation signs, which stay with the word before them.
bool is_repetition_sign(char32_t c) {
    constexpr std::array<char32_t, 7> signs{0x0e2f, 0x0e46, 0x0eaf, 0x0ec6, 0x17d7, 0xaa70, 0xaadd};
    return std::find(signs.begin(), signs.end(), c) != signs.end();
}

/// Letters of scripts that are written without spaces, in syllables (aksaras): UAX #14 (Unicode 15.1), LB28a.
/// Debian's ICU is older and finds no breaks in them.
bool is_aksara(char32_t c) {
    constexpr std::array<std::pair<char32_t, char32_t>, 9> ranges{{{0x1b05, 0x1b4c},
                                                                   {0x1bc0, 0x1be5},
                                                                   {0xa984, 0xa9b2},
                                                                   {0xaa00, 0xaa28},
                                                                   {0x11003, 0x11037},
                                                                   {0x11305, 0x11361},
                                                                   {0x11900, 0x1192f},
                                                                   {0x11ee0, 0x11ef2},
                                                                   {0x11f04, 0x11f33}}};
    return std::any_of(ranges.begin(), ranges.end(),
                       [c](const auto& r) { return c >= r.first && c <= r.second; });
}

/// Whether the grapheme clusters before and after letter `i` belong to one written syllable.
bool joins_syllable(const Letters& letters, std::size_t i) {
    const auto before = letters.at(i - 1), after = letters.at(i);
    if (u_isUWhiteSpace(static_cast<UChar32>(before)) || before == 0x200b) return false;
    const auto role = property(before, UCHAR_INDIC_SYLLABIC_CATEGORY);
    if (is_letter(after) && (role == U_INSC_INVISIBLE_STACKER || role == U_INSC_VIRAMA)) return true;
    // These scripts store a vowel before its consonant, in visual order.
    if (property(before, UCHAR_INDIC_POSITIONAL_CATEGORY) == U_INPC_VISUAL_ORDER_LEFT) return true;
    if (is_repetition_sign(after) || closes_syllable(letters, i)) return true;
    switch (property(after, UCHAR_INDIC_SYLLABIC_CATEGORY)) {
        case U_INSC_VOWEL_DEPENDENT:
            return property(after, UCHAR_INDIC_POSITIONAL_CATEGORY) != U_INPC_VISUAL_ORDER_LEFT;
        case U_INSC_CONSONANT_FINAL:
        case U_INSC_CONSONANT_MEDIAL:
        case U_INSC_CONSONANT_SUBJOINED:
        case U_INSC_TONE_MARK:
        case U_INSC_VISARGA:
        case U_INSC_BINDU:
        case U_INSC_INVISIBLE_STACKER:
            return true;
        default:
            return false;
    }
}

std::vector<std::size_t> syllables(const Letters& letters, const std::vector<std::size_t>& graphemes) {
    std::vector<std::size_t> out;
    for (const auto end : graphemes) {
        const auto i = letters.index(end);
        if (i >= letters.size() || !joins_syllable(letters, i)) out.push_back(end);
    }
    return out;
}

bool contains(const std::vector<std::size_t>& sorted, std::size_t value) {
    return std::binary_search(sorted.begin(), sorted.end(), value);
}

bool needs_dictionary(char32_t c) {
    return property(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
}

bool is_east_asian(char32_t c) {
    const auto script = property(c, UCHAR_SCRIPT);
    return is_letter(c) && (script == USCRIPT_HAN || script == USCRIPT_HANGUL || script == USCRIPT_HIRAGANA ||
                            script == USCRIPT_KATAKANA);
}

/// Breaks that newer rules of UAX #14, and browsers, do not allow before letter `i`.
bool is_forbidden(const Letters& letters, std::size_t i) {
    const auto before = letters.at(i - 1), after = letters.at(i);
    if (!is_letter(after)) return false;
    if (before == U'/') return true;  // a path, an address, either/or
    // LB20a, applied to dashes too: one that begins a word stays with it.
    const bool dash = before == U'-' || before == 0x2010 || before == 0x2013;
    if (!dash) return false;
    auto first = i - 1;
    while (first > 0 && (letters.at(first - 1) == U'-' || letters.at(first - 1) == 0x2010)) --first;
    return first == 0 || !is_letter(letters.at(first - 1));
}

/// Filters and grades ICU's break opportunities of one text.
class BreakFilter {
  public:
    /// `lines`: ICU's line iterator for the locale; `words`: the ends of words that its dictionaries found.
    BreakFilter(std::string_view text, const Letters& letters, const std::vector<std::size_t>& syllables,
                icu::BreakIterator& lines, const std::vector<std::size_t>& words)
        : text_(text), letters_(letters), syllables_(syllables), lines_(lines), words_(words) {}

    [[nodiscard]] std::vector<Break> filter(const std::vector<std::size_t>& opportunities) const {
        std::vector<Break> out;
        std::size_t from = 0;
        for (std::size_t n = 0; n < opportunities.size(); ++n) {
            const auto at = opportunities[n];
            const auto i = letters_.index(at);
            if (i < letters_.size()) {
                if (!contains(syllables_, at) || is_forbidden(letters_, i)) continue;
                const auto quality =
                    grade(from, at, n + 1 < opportunities.size() ? opportunities[n + 1] : at);
                if (!quality) continue;
                add_aksaras(out, from, at);
                out.push_back({at, *quality});
            } else {
                add_aksaras(out, from, at);
                out.push_back({at, BreakQuality::phrase});
            }
            from = at;
        }
        return out;
    }

  private:
    struct Word {
        std::size_t syllables = 0, letters = 0;
    };
    /// The word at [from, until), up to the end of its script.
    [[nodiscard]] Word word(std::size_t from, std::size_t until) const {
        Word out;
        auto i = letters_.index(from);
        const auto end = letters_.index(until);
        for (; i < end && needs_dictionary(letters_.at(i)); ++i) ++out.letters;
        const auto first = std::upper_bound(syllables_.begin(), syllables_.end(), from);
        const auto last = std::lower_bound(first, syllables_.end(), until);
        out.syllables = static_cast<std::size_t>(last - first) + 1;
        return out;
    }

    [[nodiscard]] std::optional<BreakQuality> grade(std::size_t from, std::size_t at,
                                                    std::size_t until) const {
        const auto i = letters_.index(at);
        // Chinese, Japanese and Korean may be broken inside words, but breaks between words read better.
        if (is_east_asian(letters_.at(i - 1)) && is_east_asian(letters_.at(i)))
            return contains(words_, at) ? BreakQuality::phrase : BreakQuality::uncertain;
        if (!needs_dictionary(letters_.at(i - 1)) || !needs_dictionary(letters_.at(i)))
            return BreakQuality::phrase;
        const auto before = word(from, at), after = word(at, until);
        const auto script = property(letters_.at(i), UCHAR_SCRIPT);
        // A Thai word may be one letter; in other scripts a lone letter is what the dictionary left over.
        if (after.letters == 1 && script != USCRIPT_THAI) return {};
        if (before.syllables == 1 || after.syllables == 1) return BreakQuality::uncertain;
        return is_doubtful(from, at, until) ? BreakQuality::uncertain : BreakQuality::word;
    }

    /// Dictionaries take the longest word from the left. Where a word that begins inside the one before the
    /// break reaches past it, the break may be in the middle of a word.
    [[nodiscard]] bool is_doubtful(std::size_t from, std::size_t at, std::size_t until) const {
        for (auto it = std::upper_bound(syllables_.begin(), syllables_.end(), from); *it < at; ++it) {
            if (!contains(boundaries(lines_, text_.substr(*it, until - *it)), at - *it)) return true;
        }
        return false;
    }

    /// LB28a: adds breaks between the syllables of [from, until).
    void add_aksaras(std::vector<Break>& out, std::size_t from, std::size_t until) const {
        for (auto it = std::upper_bound(syllables_.begin(), syllables_.end(), from);
             it != syllables_.end() && *it < until; ++it) {
            const auto i = letters_.index(*it);
            if (!is_aksara(letters_.at(i)) || letters_.at(i - 1) == U' ') continue;
            auto last = i - 1;  // the letter of the syllable before, without its signs
            while (last > 0 && !is_letter(letters_.at(last))) --last;
            if (property(letters_.at(last), UCHAR_SCRIPT) == property(letters_.at(i), UCHAR_SCRIPT))
                out.push_back({*it, BreakQuality::word});
        }
    }

    std::string_view text_;
    const Letters& letters_;
    const std::vector<std::size_t>& syllables_;
    icu::BreakIterator& lines_;
    const std::vector<std::size_t>& words_;
};

}  // namespace

Breaks find_breaks(std::string_view text, std::string_view locale) {
    const icu::Locale icu_locale(std::string(locale.substr(0, locale.find('-'))).c_str());
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> lines(
        icu::BreakIterator::createLineInstance(icu_locale, status));
    const std::unique_ptr<icu::BreakIterator> clusters(
        icu::BreakIterator::createCharacterInstance(icu_locale, status));
    const std::unique_ptr<icu::BreakIterator> words(
        icu::BreakIterator::createWordInstance(icu_locale, status));
    if (U_FAILURE(status))
        throw Error(std::string("ICU has no break rules (") + u_errorName(status) +
                    "); install Debian's libicu72");
    const Letters letters(text);
    Breaks out;
    out.graphemes = boundaries(*clusters, text);
    out.syllables = syllables(letters, out.graphemes);
    out.lines = BreakFilter(text, letters, out.syllables, *lines, boundaries(*words, text))
                    .filter(boundaries(*lines, text));
    assert(text.empty() || (!out.lines.empty() && out.lines.back().at == text.size()));
    return out;
}

}  // namespace riverlight::player
