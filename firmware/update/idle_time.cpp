#include "firmware/update/idle_time.hpp"

#include "firmware/outlet/opening.hpp"
#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {

using namespace std::chrono_literals;

namespace {

constexpr auto step = 15min;

bool is_quiet_hour(Instant now, const std::string& zone) {
    const auto day = scheduler::local_day_of(now, zone).day;
    return scheduler::instant_of(day, quiet_hour, zone) <= now &&
           now < scheduler::instant_of(day, quiet_hour + 1h, zone);
}

/// Whether all displays are off, and stay off for long enough. No place is open for less than a few minutes.
bool is_closed(const PlaceHours& place, Instant now) {
    for (auto after = 0min; after <= update_needs; after += 5min)
        if (is_open_at(place.open, now + after, place.zone)) return false;
    return true;
}

bool closes_within_a_day(const PlaceHours& place, Instant now) {
    if (place.open.empty() || place.feed) return false;
    for (auto at = now; at < now + 24h; at += step)
        if (is_closed(place, at)) return true;
    return false;
}

}  // namespace

bool is_idle_at(const PlaceHours& place, Instant now) {
    if (place.zone.empty()) return true;
    if (!place.feed && is_closed(place, now)) return true;
    return is_quiet_hour(now, place.zone) && !closes_within_a_day(place, now);
}

std::optional<Instant> next_idle(const PlaceHours& place, Instant now) {
    if (is_idle_at(place, now)) return now;
    const auto whole = std::chrono::floor<std::chrono::minutes>(now);
    const auto first = whole - whole.time_since_epoch() % step + step;
    for (auto at = first; at < first + std::chrono::days(8); at += step)
        if (is_idle_at(place, at)) return at;
    return {};
}

}  // namespace riverlight::firmware
