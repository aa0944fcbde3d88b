#include "tools/traffic/spot_fields.hpp"

#include <algorithm>
#include <charconv>

namespace riverlight::traffic {
namespace {

constexpr std::size_t most_pairs = 64;
constexpr std::int64_t years_ms = std::chrono::milliseconds(std::chrono::years{10}).count();
constexpr std::int64_t unknown_error_ms = -1;  ///< an unknown clock error in the files of 2026

/// False if `text` is not a decimal number, whole.
bool read_number(std::string_view text, std::int64_t& into) {
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc{} && read.ptr == end;
}

/// Empty: absent. False if `text` is not a whole number of milliseconds from `least` to ten years.
bool read_time(std::string_view text, std::int64_t least, std::optional<std::chrono::milliseconds>& into) {
    std::int64_t ms = 0;
    into.reset();
    if (text.empty()) return true;
    if (!read_number(text, ms) || ms < least || ms > years_ms) return false;
    into = std::chrono::milliseconds{ms};
    return true;
}

template <std::string Spot::*Member>
constexpr SpotField text(std::string_view name) {
    return {name, Cells::text, [](const Spot& s) { return s.*Member; },
            [](Spot& s, std::string_view value) {
                s.*Member = std::string(value);
                return true;
            }};
}

/// 0 is absent where the spot has no journal record: nobody counted.
template <std::int64_t Spot::*Member>
constexpr SpotField count(std::string_view name) {
    return {name, Cells::numbers,
            [](const Spot& s) {
                return s.*Member == 0 && s.seq == 0 ? std::string() : std::to_string(s.*Member);
            },
            [](Spot& s, std::string_view value) {
                s.*Member = 0;
                return value.empty() || read_number(value, s.*Member);
            }};
}

/// A number from 1 on; 0: absent.
template <std::int64_t Spot::*Member>
constexpr SpotField number(std::string_view name) {
    return {name, Cells::numbers,
            [](const Spot& s) { return s.*Member == 0 ? std::string() : std::to_string(s.*Member); },
            [](Spot& s, std::string_view value) {
                s.*Member = 0;
                return value.empty() || read_number(value, s.*Member);
            }};
}

template <std::optional<std::chrono::milliseconds> Spot::*Member, std::int64_t Least = 0>
constexpr SpotField time(std::string_view name) {
    return {name, Cells::numbers,
            [](const Spot& s) { return s.*Member ? std::to_string((s.*Member)->count()) : std::string(); },
            [](Spot& s, std::string_view value) { return read_time(value, Least, s.*Member); }};
}

template <std::optional<content::AiringStatus> Spot::*Member>
constexpr SpotField claim(std::string_view name) {
    return {name, Cells::text,
            [](const Spot& s) { return std::string(s.*Member ? to_text(*(s.*Member)) : ""); },
            [](Spot& s, std::string_view value) {
                s.*Member = content::parse_airing_status(value);
                return value.empty() || (s.*Member).has_value();
            }};
}

template <bool Spot::*Member>
constexpr SpotField answer(std::string_view name) {
    return {name, Cells::text, [](const Spot& s) { return std::string(s.*Member ? "yes" : "no"); },
            [](Spot& s, std::string_view value) {
                s.*Member = value == "yes";
                return value == "yes" || value == "no";
            }};
}

template <std::optional<Instant> Spot::*Member>
constexpr SpotField instant(std::string_view name) {
    return {name, Cells::text,
            [](const Spot& s) { return s.*Member ? to_rfc3339(*(s.*Member)) : std::string(); },
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
    answer<&Spot::filler>("filler"),
    text<&Spot::locale_asked>("language-asked"),
    text<&Spot::locale_aired>("language-aired"),
    instant<&Spot::planned_start>("planned-start"),
    instant<&Spot::planned_end>("planned-end"),
    instant<&Spot::started>("started"),
    instant<&Spot::ended>("ended"),
    {"length-ms", Cells::numbers,
     [](const Spot& s) {
         using std::chrono::round;
         if (!s.started || (!s.length && length_of(s) <= std::chrono::microseconds{0})) return std::string();
         return std::to_string(round<std::chrono::milliseconds>(length_of(s)).count());
     },
     [](Spot& s, std::string_view value) {
         std::optional<std::chrono::milliseconds> length;
         const bool is_time = read_time(value, 0, length);
         s.length = length;
         return is_time;
     }},
    {"shown-ms", Cells::numbers,
     [](const Spot& s) { return s.started || s.shown ? std::to_string(shown_of(s).count()) : std::string(); },
     [](Spot& s, std::string_view value) { return read_time(value, 0, s.shown); }},
    time<&Spot::missed>("missed-ms"),
    {"status", Cells::text, status_text,
     [](Spot& s, std::string_view value) {
         s.status = content::parse_airing_status(value);
         return s.status || value == "not-aired";
     }},
    claim<&Spot::claimed>("status-claimed"),
    answer<&Spot::overclaims>("overclaims"),
    text<&Spot::reason>("reason"),
    text<&Spot::makes_good>("makes-good"),
    {"clock", Cells::text,
     [](const Spot& s) { return std::string(s.clock ? content::to_text(*s.clock) : ""); },
     [](Spot& s, std::string_view value) {
         s.clock = content::parse_clock_state(value);
         return value.empty() || s.clock.has_value();
     }},
    {"clock-error-ms", Cells::numbers,
     [](const Spot& s) { return s.clock_error ? std::to_string(s.clock_error->count()) : std::string(); },
     [](Spot& s, std::string_view value) {
         const bool is_time = read_time(value, unknown_error_ms, s.clock_error);
         if (s.clock_error && s.clock_error->count() == unknown_error_ms) s.clock_error.reset();
         return is_time;
     }},
    time<&Spot::start_off, -years_ms>("start-off-ms"),
    count<&Spot::frames>("frames"),
    count<&Spot::lost>("frames-lost"),
    count<&Spot::repeated>("frames-repeated"),
    count<&Spot::samples>("samples"),
    {"evidence", Cells::text, [](const Spot& s) { return pack(s.evidence); },
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
