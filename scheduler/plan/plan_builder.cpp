#include "scheduler/plan/plan_builder.hpp"

#include <algorithm>
#include <cassert>

#include "scheduler/plan/languages.hpp"

namespace riverlight::scheduler {

PlanBuilder::PlanBuilder(const content::Place& place, const LocalDay& bounds, const Day& day)
    : place_(place), bounds_(bounds), day_(day) {
    ids_.reserve(day.bookings.size());
    for (const auto& booking : day.bookings) ids_.emplace_back(place.id, bounds.day, booking.booking->id);
}

std::string PlanBuilder::id_of(BookingIndex booking, int number) const {
    return ids_[booking].of_number(number);
}

std::string PlanBuilder::id_of(const DraftAiring& airing) const {
    const auto& ids = ids_[airing.booking];
    return airing.number ? ids.of_number(*airing.number) : ids.of_start(airing.start.time_since_epoch());
}

Plan PlanBuilder::build(const DraftPlan& draft, const std::vector<DraftAiring>& before) const {
    Plan plan{place_.id, bounds_.day, place_.zone, bounds_.from, bounds_.until, {}, day_.impossible, {}};
    LanguageRotation languages(day_);
    for (const auto& a : before) static_cast<void>(languages.next(a));
    plan.airings.reserve(draft.airings.size());
    for (const auto& a : draft.airings) {
        const auto& booking = day_.bookings[a.booking];
        const auto& item = item_of(day_, a);
        const auto language = languages.next(a);
        auto& out = plan.airings.emplace_back();
        out.id = id_of(a);
        out.start = day_.instant_of(a.start);
        out.end = day_.instant_of(a.end);
        out.kind = booking.booking->kind;
        out.hard = a.hard;
        out.late = booking.booking->late;
        out.cut = a.cut;
        out.into = a.into;
        out.padding = a.padding;
        out.campaign = booking.campaign->id;
        out.booking = booking.booking->id;
        out.segment = item.segment->id;
        out.revision = item.segment->revision;
        out.locale_asked = booking.languages[language].language;
        out.locale = locale_of(day_.segments[item.key], booking.place_languages[language], a.start, a.end);
    }
    for (const auto& one : draft.shortfalls) plan.shortfalls.push_back(shortfall_of(one));
    std::stable_sort(plan.shortfalls.begin(), plan.shortfalls.end(),
                     [](const Shortfall& a, const Shortfall& b) { return a.when < b.when; });
    for (const auto& gap : draft.gaps) add_gaps(plan, gap);
    assert(std::is_sorted(plan.gaps.begin(), plan.gaps.end(),
                          [](const Gap& a, const Gap& b) { return a.from < b.from; }));
    return plan;
}

void PlanBuilder::add_gaps(Plan& plan, const Interval& gap) const {
    auto at = gap.from;
    const auto add_until = [&](DayTime until, GapCause cause) {
        if (at >= until) return;
        plan.gaps.push_back({day_.instant_of(at), day_.instant_of(until), cause});
        at = until;
    };
    for (const auto& open : day_.place_open) {
        if (std::min(open.until, gap.until) <= at) continue;
        add_until(std::min(open.from, gap.until), GapCause::closed);
        add_until(std::min(open.until, gap.until), GapCause::nothing_booked);
    }
    add_until(gap.until, GapCause::closed);
}

Shortfall PlanBuilder::shortfall_of(const DraftShortfall& draft) const {
    const auto& booking = day_.bookings[draft.booking];
    const auto by = draft.by ? day_.bookings[*draft.by].booking->id : std::string();
    const auto segment = draft.item ? booking.items[*draft.item].segment->id : std::string();
    return {booking.campaign->id,
            booking.booking->id,
            segment,
            day_.instant_of(draft.when),
            1,
            draft.why,
            describe_loss(draft.why, !booking.is(BookingKind::rotation), by, segment),
            by,
            day_.instant_of(draft.until)};
}

}  // namespace riverlight::scheduler
