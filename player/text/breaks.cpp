#include "player/text/breaks.hpp"

#include <unicode/brkiter.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
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

bool letter(char32_t c) {
    return u_isalpha(static_cast<UChar32>(c)) != 0;
}

/// The text as letters, with the byte offset of each and of the end.
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
    /// 0 beyond either end.
    [[nodiscard]] char32_t at(std::size_t index) const { return index < points_.size() ? points_[index] : 0; }
    [[nodiscard]] std::size_t size() const { return points_.size(); }

  private:
    std::u32string points_;
    std::vector<std::size_t> offsets_;
};

constexpr char32_t asat = 0x103a, dot_below = 0x1037;

bool medial(char32_t c) {
    return (c >= 0x103b && c <= 0x103e) || (c >= 0x105e && c <= 0x1060) || c == 0x1082;
}

/// A Burmese, Shan, Mon or Karen consonant that closes the syllable before it: it bears an asat.
bool closing(const Letters& letters, std::size_t i) {
    if (property(letters.at(i), UCHAR_SCRIPT) != USCRIPT_MYANMAR || !letter(letters.at(i))) return false;
    ++i;
    while (medial(letters.at(i)) || letters.at(i) == dot_below) ++i;
    return letters.at(i) == asat;
}

/// Signs that follow what they repeat or shorten.
bool clings(char32_t c) {
    constexpr std::array<char32_t, 7> signs{0x0e2f, 0x0e46, 0x0eaf, 0x0ec6, 0x17d7, 0xaa70, 0xaadd};
    return std::find(signs.begin(), signs.end(), c) != signs.end();
}

/// Scripts written without spaces whose letters stand for syllables: UAX #14 (Unicode 15.1) LB28a. Newer
/// than Debian's ICU, which sees no break in them at all.
bool aksara(char32_t c) {
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

/// Whether the grapheme clusters that meet before letter `i` are of one written syllable.
bool one_syllable(const Letters& letters, std::size_t i) {
    const auto before = letters.at(i - 1), after = letters.at(i);
    if (u_isUWhiteSpace(static_cast<UChar32>(before)) || before == 0x200b) return false;
    const auto role = property(before, UCHAR_INDIC_SYLLABIC_CATEGORY);
    if (letter(after) && (role == U_INSC_INVISIBLE_STACKER || role == U_INSC_VIRAMA)) return true;
    // Logical order is visual order here: the vowel is written, and stored, before its consonant.
    if (property(before, UCHAR_INDIC_POSITIONAL_CATEGORY) == U_INPC_VISUAL_ORDER_LEFT) return true;
    if (clings(after) || closing(letters, i)) return true;
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
        if (i >= letters.size() || !one_syllable(letters, i)) out.push_back(end);
    }
    return out;
}

bool holds(const std::vector<std::size_t>& sorted, std::size_t value) {
    return std::binary_search(sorted.begin(), sorted.end(), value);
}

bool complex_script(char32_t c) {
    return property(c, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
}

bool east_asian(char32_t c) {
    const auto script = property(c, UCHAR_SCRIPT);
    return letter(c) && (script == USCRIPT_HAN || script == USCRIPT_HANGUL || script == USCRIPT_HIRAGANA ||
                         script == USCRIPT_KATAKANA);
}

/// What the rules of UAX #14 newer than Debian's ICU, and browsers, do not allow.
bool refused(const Letters& letters, std::size_t i) {
    const auto before = letters.at(i - 1), after = letters.at(i);
    if (!letter(after)) return false;
    if (before == U'/') return true;  // a path, an address, either/or
    // LB20a, and dashes likewise: one that begins a word stays with it.
    const bool dash = before == U'-' || before == 0x2010 || before == 0x2013;
    if (!dash) return false;
    auto first = i - 1;
    while (first > 0 && (letters.at(first - 1) == U'-' || letters.at(first - 1) == 0x2010)) --first;
    return first == 0 || !letter(letters.at(first - 1));
}

/// The break opportunities of one text in the making: ICU's, sifted and graded.
class Sieve {
  public:
    /// `lines` is ICU's iterator for the locale, `words` the ends of words as its dictionaries have them.
    Sieve(std::string_view text, const Letters& letters, const std::vector<std::size_t>& syllables,
          icu::BreakIterator& lines, const std::vector<std::size_t>& words)
        : text_(text), letters_(letters), syllables_(syllables), lines_(lines), words_(words) {}

    std::vector<Break> sift(const std::vector<std::size_t>& opportunities) const {
        std::vector<Break> out;
        std::size_t from = 0;
        for (std::size_t n = 0; n < opportunities.size(); ++n) {
            const auto at = opportunities[n];
            const auto i = letters_.index(at);
            if (i < letters_.size()) {
                if (!holds(syllables_, at) || refused(letters_, i)) continue;
                const auto ease = grade(from, at, n + 1 < opportunities.size() ? opportunities[n + 1] : at);
                if (!ease) continue;
                add_aksaras(out, from, at);
                out.push_back({at, *ease});
            } else {
                add_aksaras(out, from, at);
                out.push_back({at, Ease::phrase});
            }
            from = at;
        }
        return out;
    }

  private:
    struct Word {
        std::size_t syllables = 0, letters = 0;
    };
    /// What lies in [from, until), up to where its script ends.
    [[nodiscard]] Word word(std::size_t from, std::size_t until) const {
        Word out;
        auto i = letters_.index(from);
        const auto end = letters_.index(until);
        for (; i < end && complex_script(letters_.at(i)); ++i) ++out.letters;
        const auto first = std::upper_bound(syllables_.begin(), syllables_.end(), from);
        const auto last = std::lower_bound(first, syllables_.end(), until);
        out.syllables = static_cast<std::size_t>(last - first) + 1;
        return out;
    }

    [[nodiscard]] std::optional<Ease> grade(std::size_t from, std::size_t at, std::size_t until) const {
        const auto i = letters_.index(at);
        // Chinese, Japanese and Korean may be broken inside words; readers like it better between them.
        if (east_asian(letters_.at(i - 1)) && east_asian(letters_.at(i)))
            return holds(words_, at) ? Ease::phrase : Ease::part;
        if (!complex_script(letters_.at(i - 1)) || !complex_script(letters_.at(i))) return Ease::phrase;
        const auto before = word(from, at), after = word(at, until);
        const auto script = property(letters_.at(i), UCHAR_SCRIPT);
        // A word of Thai may be one letter; elsewhere that is what the dictionary could not place.
        if (after.letters == 1 && script != USCRIPT_THAI) return {};
        if (before.syllables == 1 || after.syllables == 1) return Ease::part;
        return doubtful(from, at, until) ? Ease::part : Ease::word;
    }

    /// A dictionary takes the longest word from the left. Where one that begins inside the word before
    /// reaches over the break, both readings are words, and the break may be in the middle of one.
    [[nodiscard]] bool doubtful(std::size_t from, std::size_t at, std::size_t until) const {
        for (auto it = std::upper_bound(syllables_.begin(), syllables_.end(), from); *it < at; ++it) {
            if (!holds(boundaries(lines_, text_.substr(*it, until - *it)), at - *it)) return true;
        }
        return false;
    }

    /// LB28a: between the syllables of [from, until).
    void add_aksaras(std::vector<Break>& out, std::size_t from, std::size_t until) const {
        for (auto it = std::upper_bound(syllables_.begin(), syllables_.end(), from);
             it != syllables_.end() && *it < until; ++it) {
            const auto i = letters_.index(*it);
            if (!aksara(letters_.at(i)) || letters_.at(i - 1) == U' ') continue;
            auto last = i - 1;  // of the syllable before: its letter, past its signs
            while (last > 0 && !letter(letters_.at(last))) --last;
            if (property(letters_.at(last), UCHAR_SCRIPT) == property(letters_.at(i), UCHAR_SCRIPT))
                out.push_back({*it, Ease::word});
        }
    }

    std::string_view text_;
    const Letters& letters_;
    const std::vector<std::size_t>& syllables_;
    icu::BreakIterator& lines_;
    const std::vector<std::size_t>& words_;
};

}  // namespace

Breaks breaks_of(std::string_view text, std::string_view locale) {
    const icu::Locale where(std::string(locale.substr(0, locale.find('-'))).c_str());
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> lines(icu::BreakIterator::createLineInstance(where, status));
    const std::unique_ptr<icu::BreakIterator> clusters(
        icu::BreakIterator::createCharacterInstance(where, status));
    const std::unique_ptr<icu::BreakIterator> words(icu::BreakIterator::createWordInstance(where, status));
    if (U_FAILURE(status))
        throw Error(std::string("ICU has no break rules (") + u_errorName(status) +
                    "); install Debian's libicu72");
    const Letters letters(text);
    Breaks out;
    out.graphemes = boundaries(*clusters, text);
    out.syllables = syllables(letters, out.graphemes);
    out.lines =
        Sieve(text, letters, out.syllables, *lines, boundaries(*words, text)).sift(boundaries(*lines, text));
    return out;
}

}  // namespace riverlight::player
