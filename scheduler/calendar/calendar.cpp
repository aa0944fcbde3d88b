#include "scheduler/calendar/calendar.hpp"

#include <date/tz.h>

#include <algorithm>

#include "content/base/error.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

/// Null for a name that the tz database lacks, and for `localtime`, which is another zone on each machine.
const date::time_zone* find_zone(const std::string& zone) {
    if (zone == "localtime") return nullptr;
    try {
        return date::locate_zone(zone);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

const date::time_zone& zone_named(const std::string& zone) {
    const auto* found = find_zone(zone);
    if (!found) {
        throw Error("time zone '" + zone +
                    "' is not in the tz database; use an IANA name such as Asia/Phnom_Penh");
    }
    return *found;
}

date::local_seconds local(local_days day, seconds time) {
    return date::local_seconds{day.time_since_epoch() + time};
}

/// Bit of the weekday of `day`: bit 0 Monday.
unsigned weekday_bit(local_days day) {
    return 1U << (weekday{day}.iso_encoding() - 1);
}

}  // namespace

bool zone_exists(const std::string& zone) {
    return find_zone(zone) != nullptr;
}

Instant instant_of(local_days day, seconds time, const std::string& zone) {
    const auto info = zone_named(zone).get_info(local(day, time));
    if (info.result == date::local_info::nonexistent) return Instant{info.second.begin.time_since_epoch()};
    return Instant{local(day, time).time_since_epoch() - info.first.offset};
}

LocalDay bounds_of(local_days day, const std::string& zone) {
    return {day, instant_of(day, 0s, zone), instant_of(day + days{1}, 0s, zone)};
}

LocalDay local_day_of(Instant at, const std::string& zone) {
    const auto info = zone_named(zone).get_info(floor<seconds>(at));
    const local_days day{floor<days>(at.time_since_epoch() + info.offset)};
    auto found = bounds_of(day, zone);
    // Where midnight comes twice the clock shows the old day again for a while. The instant belongs to the
    // day whose span contains it.
    if (at < found.from) found = bounds_of(day - days{1}, zone);
    if (at >= found.until) found = bounds_of(day + days{1}, zone);
    return found;
}

std::string local_text(Instant at, const std::string& zone) {
    const auto offset = zone_named(zone).get_info(floor<seconds>(at)).offset;
    auto text = to_rfc3339(at + offset).substr(0, 19);
    text[10] = ' ';
    return text;
}

std::vector<Span> window_on(local_days day, unsigned weekdays, minutes from, minutes until,
                            const std::string& zone) {
    const auto whole = bounds_of(day, zone);
    std::vector<Span> spans;
    const auto add = [&](local_days starts_on) {
        if ((weekdays & weekday_bit(starts_on)) == 0) return;
        const auto end = until > from ? until : until + minutes{24 * 60};
        const Span span{std::max(whole.from, instant_of(starts_on, from, zone)),
                        std::min(whole.until, instant_of(starts_on, end, zone))};
        if (span.from < span.until) spans.push_back(span);
    };
    if (until <= from) add(day - days{1});
    add(day);
    return spans;
}

std::vector<Span> merged(std::vector<Span> spans) {
    std::sort(spans.begin(), spans.end(), [](const Span& a, const Span& b) { return a.from < b.from; });
    std::vector<Span> out;
    for (const auto& span : spans) {
        if (!out.empty() && span.from <= out.back().until) {
            out.back().until = std::max(out.back().until, span.until);
        } else {
            out.push_back(span);
        }
    }
    return out;
}

std::vector<Span> intersection(const std::vector<Span>& a, const std::vector<Span>& b) {
    std::vector<Span> out;
    for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
        const Span both{std::max(left->from, right->from), std::min(left->until, right->until)};
        if (both.from < both.until) out.push_back(both);
        if (left->until < right->until) {
            ++left;
        } else {
            ++right;
        }
    }
    return out;
}

bool covers(const std::vector<Span>& spans, Instant from, Instant until) {
    return std::any_of(spans.begin(), spans.end(),
                       [&](const Span& s) { return s.from <= from && until <= s.until; });
}

}  // namespace riverlight::scheduler
