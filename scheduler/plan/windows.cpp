#include "scheduler/plan/windows.hpp"

#include <algorithm>

#include "scheduler/campaign/audience.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

DayWindows::DayWindows(const Schedule& schedule, const content::Country& country, const content::Place& place,
                       const LocalDay& day)
    : schedule_(schedule), country_(country), place_(place), day_(day) {
    if (place.open.empty()) {
        place_open_ = {whole()};
        return;
    }
    std::vector<Span> spans;
    // A broadcast day may include hours of two calendar dates.
    for (const auto date : {day.day, day.day + days{1}}) {
        for (const auto& hours : place.open) {
            const auto more =
                window_on(date, hours.weekdays, hours.window.from, hours.window.until, place.zone);
            spans.insert(spans.end(), more.begin(), more.end());
        }
    }
    place_open_ = intersection(merged(std::move(spans)), {whole()});
}

/// Dayparts follow broadcast dates: the part that starts on this date or, if it crosses the end of the day,
/// on the one before.
std::vector<Span> DayWindows::spans_of(const Daypart& part) const {
    std::vector<Span> spans;
    const auto end = part.until > part.from ? part.until : part.until + hours{24};
    for (const auto date : {day_.day - days{1}, day_.day}) {
        const auto bit = 1U << (weekday{date}.iso_encoding() - 1);
        if ((part.weekdays & bit) == 0 || !passes(part.holidays, country_, date)) continue;
        const auto shift = part.from < schedule_.day_start ? days{1} : days{0};
        const Span span{std::max(day_.from, instant_of(date + shift, part.from, place_.zone)),
                        std::min(day_.until, instant_of(date + shift, end, place_.zone))};
        if (span.from < span.until) spans.push_back(span);
    }
    return spans;
}

const std::vector<Span>& DayWindows::daypart(const std::string& name) {
    const auto [at, is_new] = dayparts_.try_emplace(name);
    if (!is_new) return at->second;
    if (const auto found = schedule_.dayparts.find(name); found != schedule_.dayparts.end())
        at->second = spans_of(found->second);
    return at->second;
}

std::vector<Span> DayWindows::takeover_hours(const Booking& booking) const {
    auto span = whole();
    if (booking.takeover_from)
        span.from = std::max(span.from, instant_of(*booking.takeover_from, place_.zone));
    if (booking.takeover_until)
        span.until = std::min(span.until, instant_of(*booking.takeover_until, place_.zone));
    if (span.from >= span.until) return {};
    return {span};
}

std::vector<Span> DayWindows::open(const Campaign& campaign, const Booking& booking) {
    return intersection(booked(campaign, booking), place_open_);
}

std::vector<Span> DayWindows::booked(const Campaign& campaign, const Booking& booking) {
    auto spans = life(campaign);
    if (!booking.dayparts.empty()) {
        std::vector<Span> parts;
        for (const auto& name : booking.dayparts) {
            const auto& more = daypart(name);
            parts.insert(parts.end(), more.begin(), more.end());
        }
        spans = intersection(merged(std::move(parts)), spans);
    }
    return booking.kind == BookingKind::takeover ? intersection(spans, takeover_hours(booking)) : spans;
}

std::vector<Span> DayWindows::life(const Campaign& campaign) const {
    auto life = whole();
    if (campaign.embargo) life.from = std::max(life.from, instant_of(*campaign.embargo, place_.zone));
    if (campaign.expiry) life.until = std::min(life.until, instant_of(*campaign.expiry, place_.zone));
    if (life.from >= life.until) return {};
    return {life};
}

const std::vector<Span>& DayWindows::rating_hours(content::Rating rating) {
    auto& known = rating_hours_[static_cast<std::size_t>(rating)];
    if (known) return *known;
    if (rating == content::Rating::general) return known.emplace(1, whole());
    std::vector<Span> spans;
    const auto& hours = rating == content::Rating::late ? country_.hours.late : country_.hours.guidance;
    for (const auto& window : hours) {
        // A broadcast day may include hours of two calendar dates.
        for (const auto date : {day_.day, day_.day + days{1}}) {
            const auto more = window_on(date, 0x7f, window.from, window.until, place_.zone);
            spans.insert(spans.end(), more.begin(), more.end());
        }
    }
    return known.emplace(intersection(merged(std::move(spans)), {whole()}));
}

}  // namespace riverlight::scheduler
