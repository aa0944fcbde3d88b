#include "scheduler/plan/resolve.hpp"

#include <algorithm>

#include "scheduler/campaign/audience.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using content::Country;
using content::Manifest;
using content::Place;
using content::Rating;

/// A recurrence needs a first day; a campaign without one counts from here, a Monday.
constexpr local_days without_start{year{2024} / January / 1};

std::vector<Span> whole(const Plan& plan) {
    return {{plan.from, plan.until}};
}

std::vector<Span> open_windows(const Schedule& schedule, const Booking& booking, const Plan& plan) {
    if (booking.dayparts.empty()) return whole(plan);
    std::vector<Span> spans;
    for (const auto& name : booking.dayparts) {
        const auto found = schedule.dayparts.find(name);
        if (found == schedule.dayparts.end()) continue;
        const auto& part = found->second;
        const auto more = window_on(plan.day, part.weekdays, part.from, part.until, plan.zone);
        spans.insert(spans.end(), more.begin(), more.end());
    }
    return merged(std::move(spans));
}

std::vector<Span> rating_hours(const Country& country, Rating rating, const Plan& plan) {
    if (rating == Rating::general) return whole(plan);
    std::vector<Span> spans;
    for (const auto& hours : rating == Rating::late ? country.hours.late : country.hours.guidance) {
        const auto more = window_on(plan.day, 0x7f, hours.from, hours.until, plan.zone);
        spans.insert(spans.end(), more.begin(), more.end());
    }
    return merged(std::move(spans));
}

void fall_short(Plan& plan, const Resolved& resolved, const std::string& segment, std::string reason) {
    plan.shortfalls.push_back({resolved.campaign->id,
                               resolved.booking->id,
                               segment,
                               plan.from,
                               1,
                               Obstacle::not_cleared,
                               std::move(reason),
                               {},
                               plan.from});
}

void resolve_segment(const std::string& id, const content::Catalogue& catalogue, const Country& country,
                     const Place& place, Resolved& resolved, Plan& plan) {
    const auto found = catalogue.segments.find(id);
    if (found == catalogue.segments.end())
        return fall_short(plan, resolved, id, "the channel holds no segment of that name");
    const auto& segment = found->second;
    if (choose_locale(segment, country, place, resolved.languages.front().language, plan.from, plan.until)
            .empty()) {
        return fall_short(plan, resolved, id,
                          "no locale of revision " + std::to_string(segment.revision) +
                              " that this place understands is cleared in " + country.code);
    }
    auto allowed = intersection(resolved.open, rating_hours(country, segment.rating, plan));
    if (allowed.empty()) {
        return fall_short(plan, resolved, id,
                          "its rating '" + std::string(to_text(segment.rating)) +
                              "' has no hours inside the booking's dayparts");
    }
    resolved.segments.push_back({&segment, std::move(allowed)});
}

}  // namespace

std::vector<Resolved> resolve(const Schedule& schedule, const content::Catalogue& catalogue,
                              const Country& country, const Place& place, Plan& plan) {
    std::vector<Resolved> out;
    for (const auto& campaign : schedule.campaigns) {
        if (!valid_on(campaign, plan.day) || !meets(campaign.audience, place)) continue;
        for (const auto& booking : campaign.bookings) {
            if (!recurs_on(booking.rrule, campaign.from.value_or(without_start), plan.day)) continue;
            Resolved resolved{&campaign, &booking, open_windows(schedule, booking, plan), {}, {}};
            if (resolved.open.empty()) continue;
            resolved.languages = languages_for(campaign.audience, place);
            for (const auto& id : booking.segments)
                resolve_segment(id, catalogue, country, place, resolved, plan);
            if (!resolved.segments.empty()) out.push_back(std::move(resolved));
        }
    }
    return out;
}

}  // namespace riverlight::scheduler
