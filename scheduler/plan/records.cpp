#include "scheduler/plan/records.hpp"

#include <algorithm>

#include "content/base/crypto.hpp"
#include "scheduler/plan/languages.hpp"
#include "scheduler/plan/obstacle.hpp"

namespace riverlight::scheduler {

using std::chrono::milliseconds;

Records::Records(const content::Place& place, const LocalDay& bounds, const Day& day)
    : place_(place), bounds_(bounds), day_(day) {
    id_prefixes_.reserve(day.claims.size());
    for (const auto& claim : day.claims)
        id_prefixes_.push_back(sha256_raw(place.id + '\n' + to_iso(bounds.day) + '\n' + claim.booking->id));
}

std::string Records::id_of(std::uint32_t claim, bool by_start, Tick number) const {
    std::string text = id_prefixes_[claim];
    text += by_start ? 't' : 'n';
    for (int byte = 0; byte < 8; ++byte) text += static_cast<char>((number >> (8 * byte)) & 0xff);
    return to_hex(std::string_view(sha256_raw(text)).substr(0, 16));
}

Plan Records::written(const Outcome& outcome, const std::vector<Draft>& before) const {
    Plan plan{place_.id, bounds_.day, place_.zone, bounds_.from, bounds_.until, {}, day_.impossible, {}};
    Languages languages(day_);
    for (const auto& a : before) static_cast<void>(languages.next(a));
    plan.airings.reserve(outcome.airings.size());
    for (const auto& a : outcome.airings) {
        const auto& claim = day_.claims[a.claim];
        const auto& item = item_of(day_, a);
        const auto language = languages.next(a);
        auto& out = plan.airings.emplace_back();
        out.id = id_of(a.claim, a.filler, a.number);
        out.start = day_.instant(a.start);
        out.end = day_.instant(a.end);
        out.kind = claim.booking->kind;
        out.hard = a.hard;
        out.late = claim.booking->late;
        out.cut = a.cut;
        out.into = milliseconds{a.into};
        out.campaign = claim.campaign->id;
        out.booking = claim.booking->id;
        out.segment = item.segment->id;
        out.revision = item.segment->revision;
        out.locale_asked = claim.languages[language].language;
        out.locale = locale_of(day_.segments[item.key], claim.places_language[language], a.start, a.end);
    }
    for (const auto& fall : outcome.falls) plan.shortfalls.push_back(shortfall_of(fall));
    for (const auto& hole : outcome.holes) add_gaps(plan, hole);
    std::stable_sort(plan.shortfalls.begin(), plan.shortfalls.end(),
                     [](const Shortfall& a, const Shortfall& b) { return a.when < b.when; });
    return plan;
}

void Records::add_gaps(Plan& plan, const Hole& hole) const {
    const auto add = [&](Tick from, Tick until, GapCause cause) {
        if (from < until) plan.gaps.push_back({day_.instant(from), day_.instant(until), cause});
    };
    auto at = hole.from;
    const auto closed_until = [&](Tick until) {
        add(at, until, GapCause::closed);
        at = std::max(at, until);
    };
    for (const auto& open : day_.place_open) {
        const auto until = std::min(open.until, hole.until);
        if (until <= at) continue;
        closed_until(std::min(open.from, hole.until));
        add(at, until, GapCause::nothing_booked);
        at = std::max(at, until);
    }
    closed_until(hole.until);
}

Shortfall Records::shortfall_of(const Fall& fall) const {
    const auto& claim = day_.claims[fall.claim];
    const auto by = fall.by >= 0 ? day_.claims[static_cast<std::size_t>(fall.by)].booking->id : std::string();
    const auto segment =
        fall.item >= 0 ? claim.items[static_cast<std::size_t>(fall.item)].segment->id : std::string();
    return {claim.campaign->id,
            claim.booking->id,
            segment,
            day_.instant(fall.when),
            1,
            fall.why,
            describe_loss(fall.why, !claim.is(BookingKind::rotation), by, segment),
            by,
            day_.instant(fall.until)};
}

}  // namespace riverlight::scheduler
