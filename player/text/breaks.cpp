#include "player/text/breaks.hpp"

#include <unicode/brkiter.h>
#include <unicode/unistr.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>

#include "content/base/error.hpp"

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

}  // namespace

Breaks breaks_of(std::string_view text, std::string_view locale) {
    const icu::Locale where(std::string(locale.substr(0, locale.find('-'))).c_str());
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<icu::BreakIterator> lines(icu::BreakIterator::createLineInstance(where, status));
    const std::unique_ptr<icu::BreakIterator> clusters(
        icu::BreakIterator::createCharacterInstance(where, status));
    if (U_FAILURE(status))
        throw Error(std::string("ICU has no break rules (") + u_errorName(status) +
                    "); install Debian's libicu72");
    Breaks out;
    out.graphemes = boundaries(*clusters, text);
    for (const auto at : boundaries(*lines, text)) {
        if (std::binary_search(out.graphemes.begin(), out.graphemes.end(), at)) out.lines.push_back(at);
    }
    return out;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"  // ICU's macros narrow on purpose
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"

namespace {

/// The code point at `at`, which moves on; negative for bytes that are not UTF-8.
UChar32 next_code_point(std::string_view text, std::int32_t& at) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    UChar32 c = 0;
    U8_NEXT(bytes, at, static_cast<std::int32_t>(text.size()), c);
    return c;
}

}  // namespace

#pragma GCC diagnostic pop

bool is_utf8(std::string_view text) {
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size());) {
        if (next_code_point(text, at) < 0) return false;
    }
    return true;
}

std::u32string code_points(std::string_view text) {
    std::u32string out;
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(text.size());) {
        const auto c = next_code_point(text, at);
        out += c < 0 ? U'\ufffd' : static_cast<char32_t>(c);
    }
    return out;
}

std::string to_utf8(char32_t code_point) {
    std::string out;
    icu::UnicodeString(static_cast<UChar32>(code_point)).toUTF8String(out);
    return out;
}

std::string clean_utf8(std::string_view text) {
    std::string out;
    for (const auto c : code_points(text)) {
        if (c == U'\t') {
            out += ' ';
        } else if (c == U'\n' || (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0))) {
            out += to_utf8(c);
        }
    }
    return out;
}

}  // namespace riverlight::player
