#include "player/text/utf8.hpp"

#include <unicode/utf8.h>

#include <cassert>
#include <cstdint>

namespace riverlight::player {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"  // ICU's macros narrow on purpose
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"

namespace {

/// The next code point; negative for bytes that are not UTF-8.
UChar32 decode(std::string_view text, std::size_t& at) {
    assert(at < text.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto size = text.size();
    UChar32 c = 0;
    U8_NEXT(bytes, at, size, c);
    return c;
}

}  // namespace

std::string to_utf8(char32_t code_point) {
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) code_point = 0xFFFD;
    char bytes[U8_MAX_LENGTH];
    std::size_t size = 0;
    U8_APPEND_UNSAFE(bytes, size, code_point);
    return {bytes, size};
}

#pragma GCC diagnostic pop

char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto c = decode(text, at);
    return c < 0 ? U'\ufffd' : static_cast<char32_t>(c);
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (decode(text, at) < 0) return false;
    }
    return true;
}

std::u32string code_points(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) out += next_code_point(text, at);
    return out;
}

std::string clean_utf8(std::string_view text) {
    std::string out;
    char32_t before = 0;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = next_code_point(text, at);
        const bool line_end =
            c == U'\n' || c == U'\r' || c == 0x0b || c == 0x0c || c == 0x85 || c == 0x2028 || c == 0x2029;
        if (line_end) {
            if (!(c == U'\n' && before == U'\r')) out += '\n';
        } else if (c == U'\t') {
            out += ' ';
        } else if (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0xfeff) {
            out += to_utf8(c);
        }
        before = c;
    }
    return out;
}

}  // namespace riverlight::player
