#include <bitset>

#include "content/segment/forms.hpp"
#include "scheduler/campaign/check_parts.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using content::Country;
using content::Manifest;
using content::Rating;

constexpr int day_minutes = 24 * 60;
/// The minutes of a day.
using Clock = std::bitset<day_minutes>;

void open(Clock& clock, minutes from, minutes until) {
    const auto length = until > from ? until - from : until - from + minutes{day_minutes};
    for (minutes at = from; at < from + length; ++at)
        clock.set(static_cast<std::size_t>(at.count() % day_minutes));
}

Clock hours_of(const Country& country, Rating rating) {
    Clock clock;
    if (rating == Rating::general) return clock.set();
    for (const auto& window : rating == Rating::late ? country.hours.late : country.hours.guidance)
        open(clock, window.from, window.until);
    return clock;
}

/// The minutes at which the booking may start.
Clock hours_of(const Schedule& schedule, const Booking& booking) {
    Clock clock;
    if (booking.kind == BookingKind::fixed && booking.late != LateRule::make_good) {
        const auto latest = booking.hard ? booking.at : booking.at + booking.late_limit;
        for (auto at = floor<minutes>(booking.at); at <= latest; ++at)
            clock.set(static_cast<std::size_t>(at.count() % day_minutes));
        return clock;
    }
    if (booking.kind == BookingKind::block) {
        open(clock, floor<minutes>(booking.at), floor<minutes>(booking.block_until));
        return clock;
    }
    if (booking.dayparts.empty()) return clock.set();
    for (const auto& name : booking.dayparts) {
        if (const auto part = schedule.dayparts.find(name); part != schedule.dayparts.end())
            open(clock, part->second.from, part->second.until);
    }
    return clock;
}

std::string hours_text(const Country& country, Rating rating) {
    std::string out;
    for (const auto& window : rating == Rating::late ? country.hours.late : country.hours.guidance)
        out += (out.empty() ? "" : ", ") + content::time_of_day_text(window.from) + " to " +
               content::time_of_day_text(window.until);
    return out;
}

void check_in_country(Check& check, const Booking& booking, const Manifest& segment, const Country& country) {
    const auto allowed = hours_of(country, segment.rating);
    const auto where = "booking " + booking.id + ": segment '" + segment.id + "' is rated " +
                       std::string(to_text(segment.rating)) + ", ";
    if (allowed.none()) {
        check.warn(booking.line,
                   where + "for which " + country.code +
                       " has no hours; it will not air there: choose another segment, or narrow "
                       "the audience");
    } else if ((allowed & hours_of(check.schedule, booking)).none()) {
        check.warn(booking.line,
                   where + "which " + country.code + " allows from " + hours_text(country, segment.rating) +
                       " only, and it is never booked then: it will not air there; book it inside "
                       "those hours, or choose another segment");
    }
}

}  // namespace

void check_ratings(Check& check, const Booking& booking, const Reach& reach) {
    for (const auto& id : booking.segments) {
        const auto found = check.catalogue.segments.find(id);
        if (found == check.catalogue.segments.end() || found->second.rating == Rating::general) continue;
        for (const auto& [code, unused] : reach)
            check_in_country(check, booking, found->second, check.catalogue.countries.at(code));
    }
}

}  // namespace riverlight::scheduler
