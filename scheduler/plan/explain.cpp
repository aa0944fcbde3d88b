#include "scheduler/plan/explain.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "scheduler/campaign/audience.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"
#include "scheduler/plan/resolve.hpp"
#include "scheduler/plan/rules.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

std::string clock(Instant at, const std::string& zone) {
    return local_text(at, zone).substr(11);
}

/// What one explanation looks things up in.
struct Scene {
    const Schedule& schedule;
    const content::Catalogue& catalogue;
    const content::Place& place;
    const content::Country& country;
    const Plan& plan;
    const Day& day;
    Instant at;
    const PlannedAiring* on;
    Tick tick;

    [[nodiscard]] std::string time(Instant when) const { return clock(when, place.zone); }
};

std::string lacks(const Audience& audience, const content::Place& place) {
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

std::optional<Candidate> not_here(const Scene& s, const Campaign& campaign, const Booking& booking) {
    Candidate out{campaign.id, booking.id, booking.kind, {}, {}};
    const auto say = [&](Obstacle why, std::string reason) {
        out.why = why;
        out.reason = std::move(reason);
        return out;
    };
    if (!meets(campaign.audience, s.place)) return say(Obstacle::audience, lacks(campaign.audience, s.place));
    if (!valid_on(campaign, s.plan.day))
        return say(Obstacle::not_that_day,
                   "campaign " + campaign.id + " is not valid on " + to_iso(s.plan.day));
    if (!passes(booking.holidays, s.country, s.plan.day))
        return say(Obstacle::not_that_day, "its rule for holidays leaves " + to_iso(s.plan.day) + " out");
    if (!counts_on(campaign, booking, s.country, s.plan.day))
        return say(Obstacle::not_that_day, "its recurrence does not fall on " + to_iso(s.plan.day));
    if (campaign.embargo && s.at < instant_of(*campaign.embargo, s.place.zone))
        return say(Obstacle::embargo, "under embargo until " + to_text(*campaign.embargo));
    if (campaign.expiry && s.at >= instant_of(*campaign.expiry, s.place.zone))
        return say(Obstacle::embargo, "expired at " + to_text(*campaign.expiry));
    return {};
}

const Claim* claim_of(const Scene& s, const Booking& booking) {
    const auto found = std::find_if(s.day.claims.begin(), s.day.claims.end(),
                                    [&](const Claim& c) { return c.booking == &booking; });
    return found == s.day.claims.end() ? nullptr : &*found;
}

/// Why none of its segments may air then; nothing if one may.
std::optional<std::pair<Obstacle, std::string>> barred(const Scene& s, const Booking& booking) {
    const auto* claim = claim_of(s, booking);
    if (!covers(s.day.place_open, s.tick, s.tick + 1))
        return std::pair(Obstacle::closed, std::string("the place is closed then"));
    for (const auto& fall : s.day.impossible) {
        if (fall.booking == booking.id && (!claim || claim->items.empty()))
            return std::pair(fall.why, fall.reason);
    }
    if (!claim) return std::pair(Obstacle::window, std::string("none of its dayparts falls on this day"));
    if (!covers(claim->open, s.tick, s.tick + 1))
        return std::pair(Obstacle::window, std::string("outside its dayparts"));
    const bool any = std::any_of(claim->items.begin(), claim->items.end(),
                                 [&](const Item& item) { return covers(item.allowed, s.tick, s.tick + 1); });
    if (any) return {};
    return std::pair(
        Obstacle::rating,
        std::string("none of its segments may air then: rating's hours, clearance, or the day's ends"));
}

/// The nearest airing that keeps every segment of the booking away now.
std::optional<std::pair<Obstacle, std::string>> kept_apart(const Scene& s, const Claim& claim) {
    Rules rules(s.day);
    std::map<std::string_view, std::uint32_t> claims;
    for (std::uint32_t c = 0; c < s.day.claims.size(); ++c) claims.emplace(s.day.claims[c].booking->id, c);
    std::vector<Instant> starts;
    for (const auto& a : s.plan.airings) {
        if (&a == s.on) continue;
        const auto c = claims.at(a.booking);
        for (const auto& item : s.day.claims[c].items) {
            if (item.segment->id == a.segment) {
                rules.add(c, item, s.day.tick(a.start), s.day.tick(a.end));
                break;
            }
        }
    }
    std::optional<std::pair<Obstacle, std::string>> found;
    const auto self = static_cast<std::uint32_t>(&claim - s.day.claims.data());
    for (const auto& item : claim.items) {
        if (!covers(item.allowed, s.tick, s.tick + 1)) continue;
        const auto no = rules.refuses(self, item, s.tick, item.length);
        if (!no) return {};
        found = std::pair(no->why, "segment '" + item.segment->id + "' is kept apart from booking '" +
                                       s.day.claims[no->by].booking->id + "' until " +
                                       s.time(s.day.instant(no->again)));
    }
    return found;
}

/// How long a fixed booking would be on.
milliseconds length_of(const Scene& s, const Booking& booking) {
    milliseconds sum{0};
    if (booking.kind != BookingKind::fixed) return sum;
    for (const auto& id : booking.segments) {
        const auto found = s.catalogue.segments.find(id);
        if (found != s.catalogue.segments.end()) sum += found->second.duration;
    }
    return sum;
}

Candidate considered(const Scene& s, const Campaign& campaign, const Booking& booking) {
    if (auto out = not_here(s, campaign, booking)) return *out;
    Candidate out{campaign.id, booking.id, booking.kind, {}, {}};
    const auto say = [&](Obstacle why, std::string reason) {
        out.why = why;
        out.reason = std::move(reason);
        return out;
    };
    for (const auto& f : s.plan.shortfalls) {
        if (f.booking != booking.id || f.when > s.at || f.until + length_of(s, booking) < s.at) continue;
        if (f.when == s.day.from && f.until == s.day.until && !f.segment.empty()) continue;
        return say(f.why, "its play due at " + s.time(f.when) + " is lost: " + f.reason);
    }
    if (const auto no = barred(s, booking)) return say(no->first, no->second);
    const auto* claim = claim_of(s, booking);
    if (const auto no = kept_apart(s, *claim)) return say(no->first, no->second);
    const auto plays = std::count_if(s.plan.airings.begin(), s.plan.airings.end(), [&](const auto& a) {
        return a.booking == booking.id && a.start <= s.at;
    });
    if (booking.daily_cap > 0 && plays >= booking.daily_cap)
        return say(Obstacle::daily_cap,
                   "it has had its " + std::to_string(booking.daily_cap) + " plays of the day");
    const auto next = std::find_if(s.plan.airings.begin(), s.plan.airings.end(),
                                   [&](const auto& a) { return a.booking == booking.id && a.start > s.at; });
    const auto then = next == s.plan.airings.end() ? std::string("; it does not air again this day")
                                                   : "; its next is at " + s.time(next->start);
    if (booking.kind == BookingKind::filler)
        return say(Obstacle::lesser,
                   (s.on && s.on->kind == BookingKind::filler ? "another filler has its turn"
                                                              : "it fills only what no other booking needs") +
                       then);
    return say(Obstacle::not_due, "not due then" + then);
}

std::string because(const Scene& s) {
    if (!s.on) {
        for (const auto& gap : s.plan.gaps) {
            if (gap.from <= s.at && s.at < gap.until) return std::string(describe(gap.cause));
        }
        return "nothing is planned then; the slate shows";
    }
    const auto& a = *s.on;
    const auto from = s.time(a.start);
    const auto asked =
        a.locale == a.locale_asked ? "" : " (in " + a.locale + ": nothing cleared in " + a.locale_asked + ")";
    switch (a.kind) {
        case BookingKind::fixed:
            return "fixed booking '" + a.booking + "' " +
                   (a.hard ? "starts on its frame at " : "is on from ") + from + asked;
        case BookingKind::rotation:
            return "a play of rotation '" + a.booking + "', on from " + from + asked;
        case BookingKind::block:
            return "block '" + a.booking + "' holds its window; this is on from " + from + asked;
        case BookingKind::takeover:
            return "takeover '" + a.booking + "' comes before all else" + asked;
        case BookingKind::filler:
            return "filler '" + a.booking + "': nothing else is due or may air then" + asked;
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
    const Scene scene{schedule,
                      catalogue,
                      place,
                      *catalogue.country_of(place),
                      plan,
                      day,
                      at,
                      on == plan.airings.end() ? nullptr : &*on,
                      floor<milliseconds>(at - bounds.from).count()};
    Explanation out{at, {}, because(scene), {}};
    if (scene.on) out.on_air.push_back(*scene.on);
    for (const auto& campaign : schedule.campaigns) {
        for (const auto& booking : campaign.bookings) {
            if (scene.on && scene.on->booking == booking.id) continue;
            out.others.push_back(considered(scene, campaign, booking));
        }
    }
    return out;
}

}  // namespace riverlight::scheduler
