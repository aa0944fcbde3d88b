#include "content/base/plain_text.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>

namespace riverlight {
namespace {

namespace json = boost::json;

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

/// What stands at the begin of a text that is not empty.
struct Character {
    enum class Kind : std::uint8_t {
        plain,
        control,
        broken,   ///< not UTF-8
        cut_off,  ///< would be UTF-8 if the text went on
    };
    Kind kind = Kind::plain;
    std::size_t bytes = 1;
};

/// RFC 3629, section 4: how long a sequence is by its first byte, and within which bounds its second byte
/// lies.
struct Lead {
    std::size_t bytes;  ///< 0: no character begins so
    unsigned char least, most;
};

Lead lead_of(unsigned char c) {
    if (c < 0x80) return {1, 0, 0};
    if (c < 0xc2 || c > 0xf4) return {0, 0, 0};
    if (c < 0xe0) return {2, 0x80, 0xbf};
    if (c == 0xe0) return {3, 0xa0, 0xbf};
    if (c == 0xed) return {3, 0x80, 0x9f};
    if (c < 0xf0) return {3, 0x80, 0xbf};
    if (c == 0xf0) return {4, 0x90, 0xbf};
    if (c == 0xf4) return {4, 0x80, 0x8f};
    return {4, 0x80, 0xbf};
}

Character first_of(std::string_view text) {
    using Kind = Character::Kind;
    const auto byte = [&](std::size_t n) { return static_cast<unsigned char>(text[n]); };
    const auto lead = lead_of(byte(0));
    if (lead.bytes == 0) return {Kind::broken, 1};
    for (std::size_t n = 1; n < lead.bytes; ++n) {
        if (n == text.size()) return {Kind::cut_off, n};
        const unsigned char least = n == 1 ? lead.least : 0x80, most = n == 1 ? lead.most : 0xbf;
        if (byte(n) < least || byte(n) > most) return {Kind::broken, n};
    }
    const bool is_control = byte(0) < 0x20 || byte(0) == 0x7f || (byte(0) == 0xc2 && byte(1) < 0xa0);
    return {is_control ? Kind::control : Kind::plain, lead.bytes};
}

/// Most texts are.
bool is_printable_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

template <class Fits>
bool all_fit(std::string_view text, const Fits& fits) {
    if (is_printable_ascii(text)) return true;
    while (!text.empty()) {
        const auto next = first_of(text);
        if (!fits(next.kind)) return false;
        text.remove_prefix(next.bytes);
    }
    return true;
}

void make_plain(json::object& object) {
    const auto is_plain = [](const auto& member) { return is_plain_text(member.key()); };
    if (!std::all_of(object.begin(), object.end(), is_plain)) {
        json::object renamed(object.storage());
        for (auto& member : object) renamed.emplace(plain_text(member.key()), std::move(member.value()));
        object = std::move(renamed);
    }
    for (auto& member : object) riverlight::make_plain(member.value());
}

}  // namespace

bool is_utf8(std::string_view text) {
    using Kind = Character::Kind;
    return all_fit(text, [](Kind kind) { return kind == Kind::plain || kind == Kind::control; });
}

bool is_plain_text(std::string_view text) {
    return all_fit(text, [](Character::Kind kind) { return kind == Character::Kind::plain; });
}

std::string plain_text(std::string_view text, std::size_t longest) {
    if (text.size() <= longest && is_printable_ascii(text)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        const auto next = first_of(text);
        std::string_view piece = text.substr(0, next.bytes);
        if (next.kind == Character::Kind::cut_off) break;
        if (next.kind == Character::Kind::control) piece = " ";
        if (next.kind == Character::Kind::broken) piece = replacement;
        if (out.size() + piece.size() > longest) break;
        out += piece;
        text.remove_prefix(next.bytes);
    }
    return out;
}

void make_plain(json::value& value) {
    if (auto* text = value.if_string()) {
        if (!is_plain_text(*text)) *text = plain_text(*text);
    } else if (auto* array = value.if_array()) {
        for (auto& item : *array) make_plain(item);
    } else if (auto* object = value.if_object()) {
        make_plain(*object);
    }
}

}  // namespace riverlight
