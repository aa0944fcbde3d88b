#include "content/base/instant.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace riverlight {
namespace {

using namespace std::chrono;

/// Consumes exactly `digits` decimal digits at the start of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return {};
    int value = 0;
    for (const char c : text.substr(0, digits)) {
        if (c < '0' || c > '9') return {};
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<year_month_day> take_date(std::string_view& text) {
    const auto y = take_digits(text, 4);
    if (!y || !take(text, '-')) return {};
    const auto m = take_digits(text, 2);
    if (!m || !take(text, '-')) return {};
    const auto d = take_digits(text, 2);
    if (!d) return {};
    const year_month_day date{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return {};
    return date;
}

std::optional<microseconds> take_fraction(std::string_view& text) {
    if (!take(text, '.')) return microseconds{0};
    long value = 0;
    std::size_t digits = 0;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
        if (digits < 6) value = value * 10 + (text.front() - '0');
        ++digits;
        text.remove_prefix(1);
    }
    if (digits == 0 || digits > 9) return {};
    for (; digits < 6; ++digits) value *= 10;
    return microseconds{value};
}

std::optional<minutes> take_offset(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z')) return minutes{0};
    const bool east = !text.empty() && text.front() == '+';
    if (!east && (text.empty() || text.front() != '-')) return {};
    text.remove_prefix(1);
    const auto h = take_digits(text, 2);
    if (!h || *h > 23 || !take(text, ':')) return {};
    const auto m = take_digits(text, 2);
    if (!m || *m > 59) return {};
    const minutes offset{*h * 60 + *m};
    return east ? offset : -offset;
}

/// Writes the number's last digits in front of `end`; where they begin.
char* put_digits(char* end, int digits, std::int64_t number) {
    for (; digits > 0; --digits, number /= 10) *--end = static_cast<char>('0' + number % 10);
    return end;
}

/// At least four digits, with a sign before year 0.
std::string year_text(year of) {
    const int number = static_cast<int>(of);
    if (number < 0 || number > 9999) {
        std::array<char, 16> text{};
        const int n = std::snprintf(text.data(), text.size(), "%04d", number);
        return {text.data(), static_cast<std::size_t>(n)};
    }
    std::string text(4, '0');
    put_digits(text.data() + text.size(), 4, number);
    return text;
}

}  // namespace

std::string to_rfc3339(Instant at) {
    const auto midnight = floor<days>(at);
    const year_month_day date{midnight};
    const hh_mm_ss<microseconds> clock{at - midnight};
    auto text = year_text(date.year());
    text += "-00-00T00:00:00.000000Z";
    auto* end = text.data() + text.size() - 1;
    end = put_digits(end, 6, clock.subseconds().count()) - 1;
    end = put_digits(end, 2, clock.seconds().count()) - 1;
    end = put_digits(end, 2, clock.minutes().count()) - 1;
    end = put_digits(end, 2, clock.hours().count()) - 1;
    end = put_digits(end, 2, static_cast<unsigned>(date.day())) - 1;
    put_digits(end, 2, static_cast<unsigned>(date.month()));
    return text;
}

std::optional<Instant> from_rfc3339(std::string_view text) {
    const auto date = take_date(text);
    if (!date || text.empty() || (text.front() != 'T' && text.front() != 't' && text.front() != ' '))
        return {};
    text.remove_prefix(1);
    const auto h = take_digits(text, 2);
    if (!h || *h > 23 || !take(text, ':')) return {};
    const auto m = take_digits(text, 2);
    if (!m || *m > 59 || !take(text, ':')) return {};
    const auto s = take_digits(text, 2);
    if (!s || *s > 60) return {};
    const auto fraction = take_fraction(text);
    if (!fraction) return {};
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return {};
    return sys_days{*date} + hours{*h} + minutes{*m} + seconds{*s} + *fraction - *offset;
}

std::optional<local_days> date_from_iso(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !text.empty()) return {};
    return local_days{*date};
}

std::string to_iso(local_days day) {
    const year_month_day date(day);
    auto text = year_text(date.year());
    text += "-00-00";
    auto* end = text.data() + text.size();
    end = put_digits(end, 2, static_cast<unsigned>(date.day())) - 1;
    put_digits(end, 2, static_cast<unsigned>(date.month()));
    return text;
}

}  // namespace riverlight
