#include "tools/traffic/spot_fields.hpp"

#include <algorithm>
#include <charconv>

namespace riverlight::traffic {
namespace {

constexpr std::size_t most_pairs = 64;
constexpr std::int64_t unknown_error_ms = -1;  ///< how files write an unknown clock error

/// False if `text` is not a decimal number, whole.
bool read_number(std::string_view text, std::int64_t& into) {
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc{} && read.ptr == end;
}

template <std::string Spot::*Member>
constexpr SpotField text(std::string_view name) {
    return {name, [](const Spot& s) { return s.*Member; },
            [](Spot& s, std::string_view value) {
                s.*Member = std::string(value);
                return true;
            }};
}

template <std::int64_t Spot::*Member>
constexpr SpotField number(std::string_view name) {
    return {name, [](const Spot& s) { return std::to_string(s.*Member); },
            [](Spot& s, std::string_view value) { return read_number(value, s.*Member); }};
}

template <std::optional<Instant> Spot::*Member>
constexpr SpotField instant(std::string_view name) {
    return {name, [](const Spot& s) { return s.*Member ? to_rfc3339(*(s.*Member)) : std::string(); },
            [](Spot& s, std::string_view value) {
                s.*Member = from_rfc3339(value);
                return value.empty() || (s.*Member).has_value();
            }};
}

constexpr SpotField fields[] = {
    text<&Spot::airing>("airing"),
    text<&Spot::place>("place"),
    text<&Spot::board>("board"),
    text<&Spot::outlet>("outlet"),
    text<&Spot::campaign>("campaign"),
    text<&Spot::booking>("booking"),
    text<&Spot::segment>("segment"),
    number<&Spot::revision>("revision"),
    {"filler", [](const Spot& s) { return std::string(s.filler ? "yes" : "no"); },
     [](Spot& s, std::string_view value) {
         s.filler = value == "yes";
         return value == "yes" || value == "no";
     }},
    text<&Spot::locale_asked>("language-asked"),
    text<&Spot::locale_aired>("language-aired"),
    instant<&Spot::planned_start>("planned-start"),
    instant<&Spot::planned_end>("planned-end"),
    instant<&Spot::started>("started"),
    instant<&Spot::ended>("ended"),
    {"status", status_text,
     [](Spot& s, std::string_view value) {
         s.status = content::parse_airing_status(value);
         return s.status || value == "not-aired";
     }},
    text<&Spot::reason>("reason"),
    text<&Spot::makes_good>("makes-good"),
    {"clock", [](const Spot& s) { return std::string(s.clock ? content::to_text(*s.clock) : ""); },
     [](Spot& s, std::string_view value) {
         s.clock = content::parse_clock_state(value);
         return value.empty() || s.clock.has_value();
     }},
    {"clock-error-ms",
     [](const Spot& s) { return std::to_string(s.clock_error ? s.clock_error->count() : unknown_error_ms); },
     [](Spot& s, std::string_view value) {
         std::int64_t ms = 0;
         const bool is_number = read_number(value, ms);
         s.clock_error.reset();
         if (is_number && ms >= 0) s.clock_error = std::chrono::milliseconds{ms};
         return is_number && ms >= unknown_error_ms;
     }},
    number<&Spot::frames>("frames"),
    number<&Spot::lost>("frames-lost"),
    number<&Spot::repeated>("frames-repeated"),
    number<&Spot::samples>("samples"),
    {"evidence", [](const Spot& s) { return pack(s.evidence); },
     [](Spot& s, std::string_view value) { return unpack(value, s.evidence); }},
    text<&Spot::epoch>("epoch"),
    number<&Spot::seq>("seq"),
    text<&Spot::hash>("hash"),
};

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:+").find(c) != std::string_view::npos;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_unreserved(c))
            out += c;
        else
            out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned byte = 0;
        if (i + 2 >= text.size()) return std::nullopt;
        const auto read = std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
        if (read.ec != std::errc{} || read.ptr != text.data() + i + 3) return std::nullopt;
        out += static_cast<char>(byte);
        i += 2;
    }
    return out;
}

}  // namespace

std::span<const SpotField> spot_fields() {
    return fields;
}

bool set_field(Spot& spot, std::string_view name, std::string_view value) {
    const auto* found =
        std::find_if(std::begin(fields), std::end(fields), [&](const auto& f) { return f.name == name; });
    return found == std::end(fields) || found->set(spot, value);
}

std::string pack(const std::map<std::string, std::string>& pairs) {
    std::string out;
    for (const auto& [key, value] : pairs)
        out += (out.empty() ? "" : "&") + percent_encode(key) + '=' + percent_encode(value);
    return out;
}

bool unpack(std::string_view text, std::map<std::string, std::string>& into) {
    into.clear();
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || into.size() >= most_pairs) return false;
        const auto key = percent_decode(pair.substr(0, equals)),
                   value = percent_decode(pair.substr(equals + 1));
        if (!key || !value) return false;
        into[*key] = *value;
    }
    return true;
}

}  // namespace riverlight::traffic
