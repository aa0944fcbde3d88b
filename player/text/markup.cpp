#include "player/text/markup.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "player/text/html_names.hpp"
#include "player/text/utf8.hpp"

namespace riverlight::player::markup {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// The number at the text's beginning; nothing where there is none.
template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end == text.data()) return {};
    return value;
}

/// A character reference at the beginning of a text (HTML Living Standard, 13.2.5.72).
struct Reference {
    std::string text;
    std::size_t size = 0;  ///< bytes that it takes; 0: there is none
};

/// The code point that HTML reads a number as: Windows-1252 where it means a control character.
char32_t html_code_point(std::uint32_t number) {
    static constexpr std::array<char16_t, 32> windows{
        0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
        0x2039, 0x0152, 0x8d,   0x017d, 0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};
    if (number >= 0x80 && number < 0xa0) return windows[number - 0x80];
    const bool surrogate = number >= 0xd800 && number < 0xe000;
    return number == 0 || surrogate || number > 0x10ffff ? U'\ufffd' : char32_t{number};
}

Reference numeric_reference(std::string_view text) {
    const bool hexadecimal = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    const auto digits = text.substr(hexadecimal ? 3 : 2);
    std::uint32_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hexadecimal ? 16 : 10);
    if (end == digits.data()) return {};
    if (error != std::errc{}) value = 0x110000;  // too large
    auto size = static_cast<std::size_t>(end - text.data());
    if (size < text.size() && text[size] == ';') ++size;
    return {to_utf8(html_code_point(value)), size};
}

Reference reference_at(std::string_view text) {
    if (!text.starts_with('&')) return {};
    if (text.starts_with("&#")) return numeric_reference(text);
    constexpr std::size_t longest_name = 32;
    const auto* const end = std::find_if_not(
        text.begin() + 1, text.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)); });
    const auto name = text.substr(1, static_cast<std::size_t>(end - text.begin()) - 1);
    if (name.size() <= longest_name && end != text.end() && *end == ';')
        if (const auto meant = text_of_html_name(name); !meant.empty())
            return {std::string(meant), name.size() + 2};
    const auto bare = bare_html_name(name);
    return bare.empty() ? Reference{} : Reference{std::string(text_of_html_name(bare)), bare.size() + 1};
}

}  // namespace

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\r\n"), text.size());
        lines.push_back(text.substr(0, end));
        const auto rest = text.substr(end);
        const std::size_t ending = rest.starts_with("\r\r\n") ? 3 : rest.starts_with("\r\n") ? 2 : 1;
        text.remove_prefix(std::min(end + ending, text.size()));
    }
    return lines;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view visible(std::string_view text) {
    // Blanks, zero-width characters, and the marks of direction (Unicode Standard Annex 9).
    static constexpr std::array<std::string_view, 21> invisible{
        " ",      "\t",     "\u00a0", "\u2009", "\u200b", "\u200c", "\u200d",
        "\u2060", "\u3000", "\u061c", "\u200e", "\u200f", "\u202a", "\u202b",
        "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};
    const auto* const end = invisible.end();
    const auto starts = [&](std::string_view one) { return text.starts_with(one); };
    const auto ends = [&](std::string_view one) { return text.ends_with(one); };
    for (const auto* one = end; (one = std::find_if(invisible.begin(), end, starts)) != end;)
        text.remove_prefix(one->size());
    for (const auto* one = end; (one = std::find_if(invisible.begin(), end, ends)) != end;)
        text.remove_suffix(one->size());
    return text;
}

std::optional<std::chrono::milliseconds> parse_timestamp(std::string_view text) {
    std::array<std::int64_t, 3> parts{};
    std::int64_t fraction = 0, scale = 1000;
    std::size_t part = 0;
    int digits = 0;
    bool after_point = false;
    for (const char c : text) {
        if (is_digit(c)) {
            if (++digits > (after_point ? 3 : 4)) return {};
            auto& into = after_point ? fraction : parts[part];
            into = into * 10 + (c - '0');
            if (after_point) scale /= 10;
        } else if (digits > 0 && !after_point && c == ':' && part < 2) {
            ++part;
            digits = 0;
        } else if (digits > 0 && !after_point && (c == '.' || c == ',')) {
            after_point = true;
            digits = 0;
        } else {
            return {};
        }
    }
    if (part == 0 || digits == 0) return {};
    const auto hours = part == 2 ? parts[0] : 0, minutes = parts[part - 1], seconds = parts[part];
    if (minutes > 59 || seconds > 59) return {};
    return std::chrono::milliseconds{((hours * 60 + minutes) * 60 + seconds) * 1000 + fraction * scale};
}

std::optional<TextPlacement> numpad_placement(int digit) {
    if (digit < 1 || digit > 9) return {};
    const int column = (digit - 1) % 3, row = (digit - 1) / 3;
    return TextPlacement{column / 2.0, 1 - row / 2.0};
}

int numpad_of_ssa(int alignment) {
    return (alignment & 3) + ((alignment & 4) ? 6 : (alignment & 8) ? 3 : 0);
}

void MarkupParser::set_italic(bool italic) {
    if (italic == italic_) return;
    if (italic_ && text_.text.size() > italic_since_)
        text_.italics.emplace_back(italic_since_, text_.text.size());
    italic_ = italic;
    italic_since_ = text_.text.size();
}

void MarkupParser::append(std::string_view text) {
    if (!drawing_) text_.text += text;
}

void MarkupParser::add_line_break() {
    if (!text_.text.empty()) text_.text += '\n';
}

/// Does what the tag says, without its angle brackets. False: it is not known.
bool MarkupParser::apply_tag(std::string_view tag, Dialect dialect) {
    static constexpr std::array<std::string_view, 13> known{"b",    "c",      "em", "font", "i", "lang", "rt",
                                                            "ruby", "strong", "s",  "u",    "v", "span"};
    if (dialect == Dialect::webvtt && is_digit(tag[0])) return parse_timestamp(trimmed(tag)).has_value();
    const bool closes = tag.starts_with('/');
    if (closes) tag.remove_prefix(1);
    std::string name(tag.substr(0, tag.find_first_of(". \t/")));
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name == "br") {
        add_line_break();
        return true;
    }
    if (name == "i" || name == "em") set_italic(!closes);
    return std::find(known.begin(), known.end(), name) != known.end();
}

void MarkupParser::apply_overrides(std::string_view block) {
    while (!block.empty()) {
        const auto slash = block.find('\\');
        if (slash == std::string_view::npos) return;
        block.remove_prefix(slash + 1);
        if (block.starts_with("an")) {
            if (const auto n = number<int>(block.substr(2))) alignment = numpad_placement(*n);
        } else if (block.starts_with("pos(")) {
            const auto x = number<double>(block.substr(4));
            const auto comma = block.find(',');
            const auto y =
                comma == std::string_view::npos ? x : number<double>(trimmed(block.substr(comma + 1)));
            if (x && y) position = {*x, *y};
        } else if (block.size() > 1 && block[0] == 'a' && is_digit(block[1])) {
            alignment = numpad_placement(numpad_of_ssa(number<int>(block.substr(1)).value_or(2)));
        } else if (block.size() > 1 && block[0] == 'i' && is_digit(block[1])) {
            set_italic(block[1] != '0');
        } else if (block.size() > 1 && block[0] == 'p' && is_digit(block[1])) {
            drawing_ = block[1] != '0';
        }
    }
}

/// Adds the tag at the beginning of `rest` and returns its bytes; 0: there is none.
std::size_t MarkupParser::add_tag(std::string_view rest, Dialect dialect,
                                  std::vector<std::string_view>& unknown) {
    const bool opens = rest.size() > 1 && rest[0] == '<' &&
                       (rest[1] == '/' || std::isalnum(static_cast<unsigned char>(rest[1])));
    const auto end = opens ? rest.find('>') : std::string_view::npos;
    if (end == std::string_view::npos) return 0;
    if (!apply_tag(rest.substr(1, end - 1), dialect)) {
        if (dialect == Dialect::subrip) return 0;
        unknown.push_back(rest.substr(0, end + 1));
    }
    return end + 1;
}

/// As add_tag(), for the overrides of ASS and the styles of MicroDVD.
std::size_t MarkupParser::add_braces(std::string_view rest, Dialect dialect) {
    constexpr std::string_view styles = "CcFfoPSsYy";
    const bool style = dialect == Dialect::subrip && rest.size() > 2 && rest[0] == '{' && rest[2] == ':' &&
                       styles.find(rest[1]) != std::string_view::npos;
    const auto end = style || rest.starts_with("{\\") ? rest.find('}') : std::string_view::npos;
    if (end == std::string_view::npos) return 0;
    if (style && (rest[1] == 'y' || rest[1] == 'Y'))
        set_italic(rest.substr(3, end - 3).find('i') != std::string_view::npos);
    if (!style) apply_overrides(rest.substr(1, end - 1));
    return end + 1;
}

/// As add_tag(), for the escapes of ASS.
std::size_t MarkupParser::add_escape(std::string_view rest, Dialect dialect) {
    if (dialect != Dialect::subrip || !(rest.starts_with("\\N") || rest.starts_with("\\h"))) return 0;
    append(rest[1] == 'N' ? "\n" : "\u00a0");
    return 2;
}

std::vector<std::string_view> MarkupParser::add(std::string_view line, Dialect dialect) {
    std::vector<std::string_view> unknown;
    while (!line.empty()) {
        auto taken = add_tag(line, dialect, unknown);
        if (taken == 0) taken = add_braces(line, dialect);
        if (taken == 0) taken = add_escape(line, dialect);
        if (const auto reference = taken == 0 ? reference_at(line) : Reference{}; reference.size > 0) {
            append(reference.text);
            taken = reference.size;
        }
        if (taken == 0) {
            append(line.substr(0, 1));
            taken = 1;
        }
        line.remove_prefix(taken);
    }
    return unknown;
}

void MarkupParser::add_ass(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto rest = text.substr(i);
        if (const auto end = rest[0] == '{' ? rest.find('}') : std::string_view::npos;
            end != std::string_view::npos) {
            apply_overrides(rest.substr(1, end - 1));
            i += end;
        } else if (rest.starts_with("\\N") || rest.starts_with("\\n") || rest.starts_with("\\h")) {
            append(rest[1] == 'N' ? "\n" : rest[1] == 'n' ? " " : "\u00a0");
            ++i;
        } else {
            append(rest.substr(0, 1));
        }
    }
}

StyledText MarkupParser::take_text() {
    set_italic(false);
    return std::move(text_);
}

}  // namespace riverlight::player::markup
