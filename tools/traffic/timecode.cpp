#include "tools/traffic/timecode.hpp"

#include <array>
#include <cassert>
#include <charconv>
#include <cstdio>

#include "scheduler/calendar/calendar.hpp"

namespace riverlight::traffic {

using namespace std::chrono;

std::string format_time_code(microseconds time, int rate) {
    assert(time >= 0us && time < 100h && rate > 0);
    const auto whole = floor<seconds>(time);
    const hh_mm_ss split(whole);
    const auto frame = (time - whole).count() * rate / 1'000'000;
    std::array<char, 48> out{};
    std::snprintf(out.data(), out.size(), "%02ld:%02ld:%02lld:%02lld", split.hours().count(),
                  split.minutes().count(), static_cast<long long>(split.seconds().count()),
                  static_cast<long long>(frame));
    return out.data();
}

std::optional<microseconds> parse_time_code(std::string_view code, int rate) {
    if (code.size() != 11 || code[2] != ':' || code[5] != ':' ||
        std::string_view(":;.,").find(code[8]) == std::string_view::npos)
        return std::nullopt;
    std::array<int, 4> parts{};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto* begin = code.data() + 3 * i;
        const auto read = std::from_chars(begin, begin + 2, parts[i]);
        if (read.ec != std::errc{} || read.ptr != begin + 2 || parts[i] < 0) return std::nullopt;
    }
    if (parts[1] > 59 || parts[2] > 59 || parts[3] >= rate) return std::nullopt;
    // Rounded up: format_time_code of this time gives the same frame.
    const auto frame = (std::int64_t{parts[3]} * 1'000'000 + rate - 1) / rate;
    return hours{parts[0]} + minutes{parts[1]} + seconds{parts[2]} + microseconds{frame};
}

microseconds time_of_day(Instant at, const std::string& zone) {
    const auto text = scheduler::local_text(at, zone);  // 2026-11-23 14:03:05
    const auto whole = parse_time_code(text.substr(11) + ":00", 25).value_or(0us);
    return whole + (at - floor<seconds>(at));
}

Instant next_time_of_day(Instant from, microseconds time, const std::string& zone) {
    auto ahead = time - time_of_day(from, zone);
    while (ahead < 0us) ahead += 24h;
    return from + ahead;
}

}  // namespace riverlight::traffic
