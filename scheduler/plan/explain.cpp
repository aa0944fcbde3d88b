#include "scheduler/plan/explain.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "scheduler/campaign/audience.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"
#include "scheduler/plan/resolve.hpp"
#include "scheduler/plan/separation.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

/// A moment, and what explains it.
struct Context {
    const Schedule& schedule;
    const content::Catalogue& catalogue;
    const content::Place& place;
    const content::Country& country;
    const Plan& plan;
    const Day& day;
    Instant at;
    DayTime time;             ///< `at`, rounded down
    const PlannedAiring* on;  ///< null: a gap

    [[nodiscard]] std::string clock(Instant when) const { return local_text(when, place.zone).substr(11); }
};

/// Why a booking is not on.
struct Reason {
    Obstacle why{};
    std::string text;
};

std::string audience_mismatch(const Audience& audience, const content::Place& place) {
    const auto names = [](const std::vector<std::string>& list, const std::string& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    if (!audience.countries.empty() && !names(audience.countries, place.country))
        return "its countries do not name " + place.country;
    if (!audience.provinces.empty() && !names(audience.provinces, place.province))
        return "its provinces do not name '" + place.province + "'";
    if (!audience.venues.empty() && !names(audience.venues, place.venue))
        return "its venues do not name '" + place.venue + "'";
    if (!audience.tags.empty() && std::none_of(place.tags.begin(), place.tags.end(),
                                               [&](const auto& t) { return names(audience.tags, t); }))
        return "the place has none of its tags";
    return "the place has none of its languages";
}

/// Audience, days, embargo and expiry.
std::optional<Reason> excluded(const Context& c, const Campaign& campaign, const Booking& booking) {
    const auto day = to_iso(c.plan.day);
    if (!meets(campaign.audience, c.place))
        return Reason{Obstacle::audience, audience_mismatch(campaign.audience, c.place)};
    if (!valid_on(campaign, c.plan.day))
        return Reason{Obstacle::not_that_day, "campaign " + campaign.id + " is not valid on " + day};
    if (!passes(booking.holidays, c.country, c.plan.day))
        return Reason{Obstacle::not_that_day, "its rule for holidays leaves " + day + " out"};
    if (!counts_on(campaign, booking, c.country, c.plan.day))
        return Reason{Obstacle::not_that_day, "its recurrence does not fall on " + day};
    if (campaign.embargo && c.at < instant_of(*campaign.embargo, c.place.zone))
        return Reason{Obstacle::embargo, "under embargo until " + to_text(*campaign.embargo)};
    if (campaign.expiry && c.at >= instant_of(*campaign.expiry, c.place.zone))
        return Reason{Obstacle::embargo, "expired at " + to_text(*campaign.expiry)};
    return {};
}

const DayBooking* day_booking_of(const Context& c, const Booking& booking) {
    const auto found = std::find_if(c.day.bookings.begin(), c.day.bookings.end(),
                                    [&](const DayBooking& one) { return one.booking == &booking; });
    return found == c.day.bookings.end() ? nullptr : &*found;
}

/// Why none of the booking's segments may air at that time; nothing if one may.
std::optional<Reason> not_allowed(const Context& c, const Booking& booking) {
    const auto* known = day_booking_of(c, booking);
    const auto after = c.time + milliseconds{1};
    if (!covers(c.day.place_open, c.time, after)) return Reason{Obstacle::closed, "the place is closed then"};
    for (const auto& shortfall : c.day.impossible) {
        if (shortfall.booking == booking.id && !known) return Reason{shortfall.why, shortfall.reason};
    }
    if (!known) return Reason{Obstacle::window, "none of its dayparts falls on this day"};
    if (!covers(known->open, c.time, after)) return Reason{Obstacle::window, "outside its dayparts"};
    if (std::any_of(known->items.begin(), known->items.end(),
                    [&](const Item& item) { return covers(item.allowed, c.time, after); }))
        return {};
    return Reason{Obstacle::rating,
                  "none of its segments may air then: rating's hours, clearance, or the day's ends"};
}

/// The separation that keeps every segment of the booking away at that time; nothing if one may air.
std::optional<Reason> separated(const Context& c, const DayBooking& booking) {
    SeparationRules rules(c.day);
    std::map<std::string_view, BookingIndex> indices;
    for (BookingIndex b = 0; b < c.day.bookings.size(); ++b)
        indices.emplace(c.day.bookings[b].booking->id, b);
    for (const auto& a : c.plan.airings) {
        if (&a == c.on) continue;
        const auto b = indices.at(a.booking);
        const auto& items = c.day.bookings[b].items;
        const auto item = std::find_if(items.begin(), items.end(),
                                       [&](const Item& one) { return one.segment->id == a.segment; });
        if (item != items.end()) rules.add(b, *item, c.day.time_of(a.start), c.day.time_of(a.end));
    }
    std::optional<Reason> found;
    const auto self = static_cast<BookingIndex>(&booking - c.day.bookings.data());
    for (const auto& item : booking.items) {
        if (!covers(item.allowed, c.time, c.time + milliseconds{1})) continue;
        const auto conflict = rules.find_conflict(self, item, c.time, item.length);
        if (!conflict) return {};
        found = Reason{conflict->why, "segment '" + item.segment->id + "' is kept apart from booking '" +
                                          c.day.bookings[conflict->by].booking->id + "' until " +
                                          c.clock(c.day.instant_of(conflict->retry))};
    }
    return found;
}

/// How long a fixed booking would be on; 0 for other kinds.
milliseconds run_length(const Context& c, const Booking& booking) {
    milliseconds sum{0};
    if (booking.kind != BookingKind::fixed) return sum;
    for (const auto& id : booking.segments) {
        const auto found = c.catalogue.segments.find(id);
        if (found != c.catalogue.segments.end()) sum += found->second.duration;
    }
    return sum;
}

/// The shortfall of a play that would have been on at that time.
std::optional<Reason> lost_play(const Context& c, const Booking& booking) {
    for (const auto& s : c.plan.shortfalls) {
        if (s.booking != booking.id || s.when > c.at || s.until + run_length(c, booking) < c.at) continue;
        const bool is_of_one_segment = s.when == c.day.from && s.until == c.day.until && !s.segment.empty();
        if (!is_of_one_segment)
            return Reason{s.why, "its play due at " + c.clock(s.when) + " is lost: " + s.reason};
    }
    return {};
}

/// A booking that may air at that time, but has no play then.
Reason not_due(const Context& c, const Booking& booking) {
    const auto& airings = c.plan.airings;
    const auto plays = std::count_if(airings.begin(), airings.end(), [&](const auto& a) {
        return a.booking == booking.id && a.start <= c.at;
    });
    if (booking.daily_cap > 0 && plays >= booking.daily_cap)
        return {Obstacle::daily_cap,
                "it has had its " + std::to_string(booking.daily_cap) + " plays of the day"};
    const auto next = std::find_if(airings.begin(), airings.end(),
                                   [&](const auto& a) { return a.booking == booking.id && a.start > c.at; });
    const auto then = next == airings.end() ? std::string("; it does not air again this day")
                                            : "; its next is at " + c.clock(next->start);
    if (booking.kind != BookingKind::filler) return {Obstacle::not_due, "not due then" + then};
    return {Obstacle::lesser,
            (c.on && c.on->kind == BookingKind::filler ? "another filler has its turn"
                                                       : "it fills only what no other booking needs") +
                then};
}

Candidate explain_booking(const Context& c, const Campaign& campaign, const Booking& booking) {
    auto reason = excluded(c, campaign, booking);
    if (!reason) reason = lost_play(c, booking);
    if (!reason) reason = not_allowed(c, booking);
    if (!reason) reason = separated(c, *day_booking_of(c, booking));
    if (!reason) reason = not_due(c, booking);
    return {campaign.id, booking.id, booking.kind, reason->why, std::move(reason->text)};
}

std::string explain_gap(const Context& c) {
    for (const auto& gap : c.plan.gaps) {
        if (gap.from <= c.at && c.at < gap.until) return std::string(describe(gap.cause));
    }
    return "nothing is planned then; the slate shows";
}

std::string explain_airing(const Context& c, const PlannedAiring& a) {
    const auto from = c.clock(a.start);
    const auto locale =
        a.locale == a.locale_asked ? "" : " (in " + a.locale + ": nothing cleared in " + a.locale_asked + ")";
    switch (a.kind) {
        case BookingKind::fixed:
            return "fixed booking '" + a.booking + "' " +
                   (a.hard ? "starts on its frame at " : "is on from ") + from + locale;
        case BookingKind::rotation:
            return "a play of rotation '" + a.booking + "', on from " + from + locale;
        case BookingKind::block:
            return "block '" + a.booking + "' holds its window; this is on from " + from + locale;
        case BookingKind::takeover:
            return "takeover '" + a.booking + "' comes before all else" + locale;
        case BookingKind::filler:
            return "filler '" + a.booking + "': nothing else is due or may air then" + locale;
    }
    return {};
}

}  // namespace

Explanation explain_at(const Schedule& schedule, const content::Catalogue& catalogue,
                       const content::Place& place, Instant at, std::uint64_t seed) {
    const auto bounds = broadcast_day_of(schedule, place.zone, at);
    const auto plan = plan_day(schedule, catalogue, place, bounds.day, seed);
    const auto day = resolve(schedule, catalogue, place, bounds);
    const auto on = std::find_if(plan.airings.begin(), plan.airings.end(),
                                 [&](const PlannedAiring& a) { return a.start <= at && at < a.end; });
    const Context context{schedule,
                          catalogue,
                          place,
                          *catalogue.country_of(place),
                          plan,
                          day,
                          at,
                          day_begin + floor<milliseconds>(at - bounds.from),
                          on == plan.airings.end() ? nullptr : &*on};
    Explanation out{at, {}, context.on ? explain_airing(context, *context.on) : explain_gap(context), {}};
    if (context.on) out.on_air.push_back(*context.on);
    for (const auto& campaign : schedule.campaigns) {
        for (const auto& booking : campaign.bookings) {
            if (!context.on || context.on->booking != booking.id)
                out.others.push_back(explain_booking(context, campaign, booking));
        }
    }
    return out;
}

}  // namespace riverlight::scheduler
