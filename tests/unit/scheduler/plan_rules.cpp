#include "tests/unit/scheduler/plan_rules.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "scheduler/campaign/audience.hpp"

namespace riverlight::test {
namespace {

using namespace std::chrono;
using content::Manifest;
using content::Rating;
using scheduler::Booking;
using scheduler::BookingKind;
using scheduler::Campaign;
using scheduler::PlannedAiring;

struct Owner {
    const Campaign* campaign = nullptr;
    const Booking* booking = nullptr;
};

std::map<std::string, Owner> owners_of(const scheduler::Schedule& schedule) {
    std::map<std::string, Owner> owners;
    for (const auto& c : schedule.campaigns) {
        for (const auto& b : c.bookings) owners[b.id] = {&c, &b};
    }
    return owners;
}

/// The local clock at an instant, as minutes since midnight.
int local_minute(Instant at, const std::string& zone) {
    const auto text = scheduler::local_text(at, zone);
    return std::stoi(text.substr(11, 2)) * 60 + std::stoi(text.substr(14, 2));
}

bool inside(int minute, minutes from, minutes until) {
    const auto f = static_cast<int>(from.count()), u = static_cast<int>(until.count());
    return u > f ? minute >= f && minute < u : minute >= f || minute < u;
}

bool in_hours(const PlannedAiring& a, const std::vector<content::DayWindow>& windows,
              const std::string& zone) {
    const auto on = [&](Instant at) {
        const auto minute = local_minute(at, zone);
        return std::any_of(windows.begin(), windows.end(),
                           [&](const auto& w) { return inside(minute, w.from, w.until); });
    };
    for (auto at = a.start; at < a.end; at += 30s) {
        if (!on(at)) return false;
    }
    return on(a.end - microseconds{1});
}

bool share_a_topic(const Manifest& a, const Manifest& b) {
    std::set<std::string> topics(a.topics.begin(), a.topics.end());
    return std::any_of(b.topics.begin(), b.topics.end(), [&](const auto& t) { return topics.contains(t); });
}

bool one_run(const PlannedAiring& a, const PlannedAiring& b) {
    return a.booking == b.booking && (a.kind == BookingKind::fixed || a.kind == BookingKind::block) &&
           b.start - a.start < 20h;
}

class PlanChecker {
  public:
    PlanChecker(const scheduler::Schedule& schedule, const content::Catalogue& catalogue,
                const scheduler::Plan& plan)
        : schedule_(schedule),
          catalogue_(catalogue),
          plan_(plan),
          place_(*catalogue.place(plan.place)),
          country_(*catalogue.country_of(place_)),
          owners_(owners_of(schedule)) {}

    std::vector<std::string> run() {
        check_order_and_gaps();
        for (const auto& a : plan_.airings) check_airing(a);
        check_caps();
        for (const auto& [id, owner] : owners_) check_booking(owner);
        const auto distances = find_distance_violations(schedule_, catalogue_, plan_.airings);
        out_.insert(out_.end(), distances.begin(), distances.end());
        return out_;
    }

  private:
    void report(const std::string& what) { out_.push_back(what); }
    std::string name(const PlannedAiring& a) const {
        return a.booking + "/" + a.segment + " at " + scheduler::local_text(a.start, plan_.zone);
    }

    void check_order_and_gaps() {
        std::vector<scheduler::Span> gaps;
        for (const auto& gap : plan_.gaps) gaps.push_back({gap.from, gap.until});
        const auto explained = [&](Instant from, Instant until) {
            auto at = from;
            for (const auto& h : gaps) {
                if (h.from <= at && at < h.until) at = h.until;
            }
            if (at != until) report("unexplained gap at " + scheduler::local_text(from, plan_.zone));
        };
        auto at = plan_.from;
        std::set<std::string> ids;
        for (const auto& a : plan_.airings) {
            if (a.start < at) report("overlap or disorder: " + name(a));
            if (a.end <= a.start || a.end > plan_.until) report("ends wrongly: " + name(a));
            if (a.start > at) explained(at, a.start);
            at = std::max(at, a.end);
            if (!ids.insert(a.id).second) report("an id twice: " + name(a));
        }
        if (at < plan_.until) explained(at, plan_.until);
    }

    void check_airing(const PlannedAiring& a) {
        const auto& owner = owners_.at(a.booking);
        const auto& m = catalogue_.segments.at(a.segment);
        if (!scheduler::meets(owner.campaign->audience, place_)) report("not for this place: " + name(a));
        const auto length = a.end - a.start + a.into;
        if (!a.cut && length != m.duration) report("not whole: " + name(a));
        if (a.cut && a.kind == BookingKind::rotation && !taken_over(a))
            report("a rotation is cut: " + name(a));
        check_clearance(a, m);
        if (m.rating == Rating::late && !in_hours(a, country_.hours.late, plan_.zone))
            report("late: " + name(a));
        if (m.rating == Rating::guidance && !in_hours(a, country_.hours.guidance, plan_.zone))
            report("guidance: " + name(a));
        if (owner.campaign->embargo && a.start < scheduler::instant_of(*owner.campaign->embargo, plan_.zone))
            report("under embargo: " + name(a));
        if (owner.campaign->expiry && a.end > scheduler::instant_of(*owner.campaign->expiry, plan_.zone))
            report("expired: " + name(a));
        check_dayparts(a, *owner.booking);
        check_open_hours(a);
    }

    bool taken_over(const PlannedAiring& a) const {
        return std::any_of(plan_.airings.begin(), plan_.airings.end(), [&](const auto& t) {
            return t.kind == BookingKind::takeover && t.start == a.end;
        });
    }

    void check_clearance(const PlannedAiring& a, const Manifest& m) {
        if (!m.locales.contains(a.locale)) return report("no such locale: " + name(a));
        const auto day_of = [&](Instant at) {
            return *date_from_iso(scheduler::local_text(at, plan_.zone).substr(0, 10));
        };
        const auto allows = [&](Instant at) {
            return std::any_of(country_.clearances.begin(), country_.clearances.end(), [&](const auto& c) {
                return c.segment == m.id && c.revision == m.revision &&
                       std::count(c.locales.begin(), c.locales.end(), a.locale) > 0 &&
                       (!c.from || *c.from <= day_of(at)) && (!c.until || day_of(at) <= *c.until) &&
                       (!c.embargo || *c.embargo <= at) && (!c.expiry || at < *c.expiry);
            });
        };
        if (!allows(a.start) || !allows(a.end - microseconds{1})) report("not cleared: " + name(a));
    }

    void check_dayparts(const PlannedAiring& a, const Booking& b) {
        if (b.dayparts.empty()) return;
        for (auto at = a.start; at < a.end; at += 30s) {
            const auto minute = local_minute(at, plan_.zone);
            if (std::none_of(b.dayparts.begin(), b.dayparts.end(), [&](const auto& part) {
                    const auto& p = schedule_.dayparts.at(part);
                    return p.from == p.until || inside(minute, p.from, p.until);
                }))
                return report("outside its dayparts: " + name(a));
        }
    }

    /// Hours that cross midnight belong to the day on which they begin.
    bool open_on(Instant at) const {
        const auto minute = local_minute(at, plan_.zone);
        const weekday today{*date_from_iso(scheduler::local_text(at, plan_.zone).substr(0, 10))};
        const auto on = [&](const content::OpenHours& h, weekday day) {
            return ((h.weekdays >> (day.iso_encoding() - 1)) & 1U) != 0;
        };
        return std::any_of(place_.open.begin(), place_.open.end(), [&](const content::OpenHours& h) {
            const auto from = h.window.from.count(), until = h.window.until.count();
            if (from < until) return on(h, today) && minute >= from && minute < until;
            return (on(h, today) && minute >= from) || (on(h, today - days{1}) && minute < until);
        });
    }

    void check_open_hours(const PlannedAiring& a) {
        if (place_.open.empty()) return;
        for (auto at = a.start; at < a.end; at += 30s) {
            if (!open_on(at)) return report("the place is closed: " + name(a));
        }
    }

    void check_caps() {
        std::map<std::string, int> plays;
        for (const auto& a : plan_.airings) {
            const auto cap = owners_.at(a.booking).booking->daily_cap;
            if (++plays[a.booking] > cap && cap > 0 && a.kind != BookingKind::block)
                report("cap: " + name(a));
        }
    }

    std::vector<PlannedAiring> of(const Booking& b) const {
        std::vector<PlannedAiring> out;
        std::copy_if(plan_.airings.begin(), plan_.airings.end(), std::back_inserter(out),
                     [&](const auto& a) { return a.booking == b.id; });
        return out;
    }
    int shortfalls_of(const Booking& b) const {
        return static_cast<int>(std::count_if(plan_.shortfalls.begin(), plan_.shortfalls.end(),
                                              [&](const auto& s) { return s.booking == b.id; }));
    }

    void check_booking(const Owner& owner) {
        const auto& b = *owner.booking;
        const auto counts = scheduler::meets(owner.campaign->audience, place_) &&
                            scheduler::counts_on(*owner.campaign, b, country_, plan_.day);
        const auto airings = of(b);
        if (!counts) {
            if (!airings.empty()) report("airs on a day that is not its own: " + b.id);
            return;
        }
        if (b.kind == BookingKind::fixed) check_fixed(b, airings);
        if (b.kind == BookingKind::rotation) {
            check_pace(b, airings);
            check_share(b, airings);
        }
        if (b.kind == BookingKind::block) check_block(b, airings);
    }

    Instant start_of(seconds time) const {
        return scheduler::instant_of(plan_.day + (time < schedule_.day_start ? days{1} : days{0}), time,
                                     plan_.zone);
    }

    void check_fixed(const Booking& b, const std::vector<PlannedAiring>& airings) {
        const auto at = start_of(b.at);
        if (airings.empty()) {
            if (shortfalls_of(b) == 0 && b.dayparts.empty()) report("lost without a shortfall: " + b.id);
            return;
        }
        const auto& first = airings.front();
        if (first.hard && first.start != at && first.into == 0ms) report("off its frame: " + name(first));
        if (first.start < at && first.into == 0ms) report("too early: " + name(first));
        if (b.late != scheduler::LateRule::make_good && first.start > at + b.late_limit && !first.hard)
            report("later than its limit: " + name(first));
        for (std::size_t i = 1; i < airings.size(); ++i) {
            if (airings[i].start != airings[i - 1].end && !taken_over(airings[i - 1]))
                report("a run is interrupted: " + name(airings[i]));
        }
    }

    void check_block(const Booking& b, const std::vector<PlannedAiring>& airings) {
        const auto from = start_of(b.at);
        auto until = start_of(b.block_until);
        if (until <= from) until = plan_.until;
        std::size_t next = 0;
        for (const auto& a : airings) {
            if (a.start < from || a.end > until) report("outside its window: " + name(a));
            if (std::count(b.filler.begin(), b.filler.end(), a.segment) > 0) continue;
            while (next < b.segments.size() && b.segments[next] != a.segment) ++next;
            if (next == b.segments.size()) report("out of its order: " + name(a));
        }
    }

    /// Counts and pace of a rotation that lost nothing and was not limited by hours, embargo or takeovers.
    void check_pace(const Booking& b, const std::vector<PlannedAiring>& airings) {
        const auto& c = *owners_.at(b.id).campaign;
        const bool plain = place_.open.empty() && b.dayparts.empty() && !c.embargo && !c.expiry &&
                           b.plays_per_hour > 0 && b.pacing == scheduler::Pacing::even &&
                           std::none_of(plan_.airings.begin(), plan_.airings.end(),
                                        [](const auto& a) { return a.kind == BookingKind::takeover; });
        if (!plain || (airings.empty() && shortfalls_of(b) > 0)) return;
        const auto open = duration_cast<milliseconds>(plan_.until - plan_.from).count();
        auto wanted = (open * b.plays_per_hour + 1'800'000) / 3'600'000;
        if (b.daily_cap > 0) wanted = std::min<std::int64_t>(wanted, b.daily_cap);
        int lost = 0;
        for (const auto& s : plan_.shortfalls) lost += s.booking == b.id && s.segment.empty();
        if (static_cast<std::int64_t>(airings.size()) + lost != wanted)
            report("a play is neither planned nor a shortfall: " + b.id);
        if (lost > 0) return;
        std::map<std::int64_t, std::int64_t> hours;
        for (const auto& a : airings) ++hours[(a.start - plan_.from) / 1h];
        for (std::int64_t h = 0; h * 3'600'000 < open; ++h) {
            const auto length = std::min<std::int64_t>(3'600'000, open - h * 3'600'000);
            // |count − wanted · length / open| ≤ 1, in whole numbers
            if (std::abs(hours[h] * open - wanted * length) > open)
                report("hour " + std::to_string(h) + " of " + b.id +
                       " is off its pace: " + std::to_string(hours[h]));
        }
    }

    /// The airtime of a share that lost nothing and has the whole day, of one segment, is within one percent.
    void check_share(const Booking& b, const std::vector<PlannedAiring>& airings) {
        const auto& c = *owners_.at(b.id).campaign;
        if (!place_.open.empty() || b.share_percent == 0 || b.segments.size() > 1 || b.daily_cap > 0 ||
            !b.dayparts.empty() || c.embargo || c.expiry || airings.empty() || shortfalls_of(b) > 0 ||
            catalogue_.segments.at(b.segments[0]).rating != Rating::general)
            return;
        const auto cleared_all_day = std::any_of(
            country_.clearances.begin(), country_.clearances.end(),
            [&](const auto& one) { return one.segment == b.segments[0] && !one.embargo && !one.expiry; });
        microseconds on{0};
        for (const auto& a : airings) {
            on += a.end - a.start;
            if (taken_over(a)) return;
        }
        const auto day = plan_.until - plan_.from;
        if (cleared_all_day && std::abs((100 * on - b.share_percent * day).count()) > day.count())
            report("off its share by more than one percent: " + b.id);
    }

    const scheduler::Schedule& schedule_;
    const content::Catalogue& catalogue_;
    const scheduler::Plan& plan_;
    const content::Place& place_;
    const content::Country& country_;
    std::map<std::string, Owner> owners_;
    std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> find_violations(const scheduler::Schedule& schedule,
                                         const content::Catalogue& catalogue, const scheduler::Plan& plan) {
    return PlanChecker(schedule, catalogue, plan).run();
}

std::vector<std::string> find_distance_violations(const scheduler::Schedule& schedule,
                                                  const content::Catalogue& catalogue,
                                                  const std::vector<PlannedAiring>& airings) {
    struct Seen {
        const PlannedAiring* airing;
        const Booking* booking;
        const Manifest* segment;
        bool rated;
    };
    const auto owners = owners_of(schedule);
    const microseconds gap = catalogue.countries.begin()->second.hours.from_children;
    microseconds widest = gap + 10ms;
    std::vector<Seen> seen;
    for (const auto& a : airings) {
        const auto& m = catalogue.segments.at(a.segment);
        const auto& b = *owners.at(a.booking).booking;
        seen.push_back({&a, &b, &m, m.rating != Rating::general && !m.for_children});
        widest = std::max<microseconds>({widest, b.separation, b.topic_separation, gap + m.duration});
    }
    std::vector<std::string> out;
    for (auto one = seen.begin(); one != seen.end(); ++one) {
        for (auto two = std::next(one); two != seen.end(); ++two) {
            const auto apart = two->airing->start - one->airing->start;
            if (apart >= widest) break;
            if (two->airing->kind == BookingKind::takeover) continue;  // it comes before all else
            const auto say = [&](const char* what) {
                out.push_back(std::string(what) + ": " + two->airing->booking + "/" + two->airing->segment +
                              " at " + to_rfc3339(two->airing->start) + " after " + one->airing->booking +
                              " at " + to_rfc3339(one->airing->start));
            };
            const bool mixed =
                (one->segment->for_children && two->rated) || (one->rated && two->segment->for_children);
            if (mixed && two->airing->start - one->airing->end < gap) say("near children");
            if (one_run(*one->airing, *two->airing)) continue;
            if (one->segment == two->segment &&
                apart < std::max(one->booking->separation, two->booking->separation))
                say("separation");
            if (apart < std::max(one->booking->topic_separation, two->booking->topic_separation) &&
                share_a_topic(*one->segment, *two->segment))
                say("topic separation");
        }
    }
    return out;
}

}  // namespace riverlight::test
