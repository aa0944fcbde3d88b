#include "scheduler/plan/planner.hpp"

#include <algorithm>
#include <set>

#include "content/base/crypto.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

DayPlanner::DayPlanner(const Schedule& schedule, const content::Catalogue& catalogue,
                       const content::Place& place, const LocalDay& day, std::uint64_t seed)
    : place_(place), bounds_(day), day_(resolve(schedule, catalogue, place, day)) {
    const auto at = [&](seconds time, seconds not_before) {
        const auto next = time < schedule.day_start || time < not_before ? days{1} : days{0};
        return day_.tick(instant_of(day.day + next, time, place.zone));
    };
    for (const auto& claim : day_.claims) {
        const auto& b = *claim.booking;
        rotations_.push_back(claim.is(BookingKind::rotation)
                                 ? pace(claim, day_.length, salt_of(seed, place.id, day.day, b.id))
                                 : Rotation{});
        starts_.push_back(at(b.at, 0s));
        auto end = at(b.block_until, 0s);
        if (end <= starts_.back()) end = day_.length;
        ends_.push_back(end);
        id_prefixes_.push_back(sha256_raw(place.id + '\n' + to_iso(day.day) + '\n' + b.id));
    }
}

DayPlanner::Outcome DayPlanner::stretch(Tick begin, const Past& past) const {
    auto work = lay_ground(day_, rotations_, begin, past, starts_, ends_);
    ease(work.ground);
    auto layout = lay_out(work.ground);
    Outcome out;
    out.falls = std::move(work.falls);
    for (const auto& lost : layout.lost) {
        const auto& job = work.ground.jobs[static_cast<std::size_t>(lost.job)];
        const auto why = job.missed && lost.why == Obstacle::no_time ? Obstacle::missed : lost.why;
        out.falls.push_back({job.claim, job.number, -1, job.release, job.deadline, why, lost.by});
    }
    std::vector<Placed> all = std::move(work.hard);
    all.insert(all.end(), layout.placed.begin(), layout.placed.end());
    std::sort(all.begin(), all.end(), [](const Placed& a, const Placed& b) { return a.start < b.start; });
    settle(work.ground, all, work.blocks, out.airings, out.holes);
    return out;
}

/// The takeovers of the day, the higher over the lesser.
std::vector<DayPlanner::Takeover> DayPlanner::takeovers() const {
    std::set<Tick> edges;
    std::vector<std::uint32_t> claims;
    for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
        if (!day_.claims[c].is(BookingKind::takeover)) continue;
        claims.push_back(c);
        for (const auto& s : day_.claims[c].open) edges.insert({s.from, s.until});
    }
    std::stable_sort(claims.begin(), claims.end(), [&](std::uint32_t a, std::uint32_t b) {
        return day_.claims[a].priority > day_.claims[b].priority;
    });
    std::vector<Takeover> out;
    for (auto edge = edges.begin(); edge != edges.end() && std::next(edge) != edges.end(); ++edge) {
        const auto until = *std::next(edge);
        const auto on = std::find_if(claims.begin(), claims.end(), [&](std::uint32_t c) {
            return covers(day_.claims[c].open, *edge, until);
        });
        if (on == claims.end()) continue;
        if (!out.empty() && out.back().claim == *on && out.back().when.until == *edge) {
            out.back().when.until = until;
        } else {
            out.push_back({{*edge, until}, *on});
        }
    }
    return out;
}

/// Puts a takeover's segments on, one behind the other, until it ends.
void DayPlanner::take_over(const Takeover& one, Outcome& out) const {
    const auto& claim = day_.claims[one.claim];
    Tally tally{0, std::vector<int>(claim.items.size())};
    for (const auto& a : out.airings) {
        if (a.claim != one.claim) continue;
        ++tally.plays;
        ++tally.items[a.item];
    }
    bool first = true;
    for (Tick now = one.when.from; now < one.when.until;) {
        std::vector<bool> tried(claim.items.size());
        Tick next = one.when.until;
        bool shown = false;
        for (int i = next_item(claim.items, tally, tried); i >= 0 && !shown;
             i = next_item(claim.items, tally, tried)) {
            const auto index = static_cast<std::size_t>(i);
            const auto& item = claim.items[index];
            const auto end = std::min(now + item.length, one.when.until);
            tried[index] = true;
            for (const auto& s : item.allowed)
                if (s.from > now) next = std::min(next, s.from);
            if (!covers(item.allowed, now, end)) continue;
            out.airings.push_back({one.claim, static_cast<std::uint16_t>(index), false, true, now, now, end,
                                   first, end - now < item.length, 0});
            ++tally.plays;
            ++tally.items[index];
            now = end;
            first = false;
            shown = true;
        }
        if (shown) continue;
        out.holes.push_back({now, next});
        now = next;
        first = true;
    }
}

/// Whether a block's programme has gone on without this part of it: it does not go back.
bool DayPlanner::passed_over(const Fall& fall, const std::vector<Draft>& aired) const {
    if (!day_.claims[fall.claim].is(BookingKind::block)) return false;
    return std::any_of(aired.begin(), aired.end(), [&](const Draft& a) {
        return a.claim == fall.claim && !a.padding && a.number > fall.number;
    });
}

DayPlanner::Outcome DayPlanner::with_takeovers(Tick begin, const Past& past) const {
    auto out = stretch(begin, past);
    for (auto one : takeovers()) {
        if (one.when.until <= begin) continue;
        one.when.from = std::max(one.when.from, begin);
        Past before = past;
        Outcome kept;
        for (auto& a : out.airings) {
            if (a.start >= one.when.from) {
                if (!a.filler && a.start < one.when.until) before.missed.insert({a.claim, a.number});
                continue;
            }
            if (a.end > one.when.from) {
                a.end = one.when.from;
                a.cut = true;
            }
            kept.airings.push_back(a);
        }
        for (const auto& h : out.holes)
            if (h.from < one.when.from) kept.holes.push_back({h.from, std::min(h.until, one.when.from)});
        std::vector<Fall> open;  // might still have found a place when the takeover came
        for (const auto& f : out.falls) {
            if (f.until >= one.when.from && f.why != Obstacle::daily_cap && !passed_over(f, kept.airings)) {
                open.push_back(f);
                continue;
            }
            kept.falls.push_back(f);
            before.done.insert({f.claim, f.number});
        }
        take_over(one, kept);
        for (const auto& a : kept.airings) {
            before.airings.push_back(a);
            if (!a.filler) before.done.insert({a.claim, a.number});
        }
        if (one.when.until < day_.length) {
            auto rest = stretch(one.when.until, before);
            kept.airings.insert(kept.airings.end(), rest.airings.begin(), rest.airings.end());
            kept.holes.insert(kept.holes.end(), rest.holes.begin(), rest.holes.end());
            for (auto f : rest.falls) {
                if (f.why == Obstacle::missed || (f.when >= one.when.from && f.when < one.when.until)) {
                    f.why = Obstacle::takeover;
                    f.by = one.claim;
                }
                kept.falls.push_back(f);
            }
        } else {
            // Nothing of the day is left to plan anew: what had no place before has none now.
            kept.falls.insert(kept.falls.end(), open.begin(), open.end());
            for (const auto& [claim, number] : before.missed) {
                if (past.missed.contains({claim, number})) continue;
                kept.falls.push_back(
                    {claim, number, -1, one.when.from, one.when.until, Obstacle::takeover, one.claim});
            }
        }
        out = std::move(kept);
    }
    return out;
}

std::string DayPlanner::id_of(std::uint32_t claim, bool by_start, Tick number) const {
    std::string text = id_prefixes_[claim];
    text += by_start ? 't' : 'n';
    for (int byte = 0; byte < 8; ++byte) text += static_cast<char>((number >> (8 * byte)) & 0xff);
    return to_hex(std::string_view(sha256_raw(text)).substr(0, 16));
}

Past DayPlanner::past_of(const Outcome& planned, std::span<const Aired> aired, Tick now) const {
    std::map<std::string, std::pair<std::uint32_t, Tick>> numbers;
    for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
        for (const auto& turn : rotations_[c].turns)
            numbers.emplace(id_of(c, false, turn.number), std::pair(c, turn.number));
        if (!day_.claims[c].is_run()) continue;
        for (const auto& item : day_.claims[c].items)
            numbers.emplace(id_of(c, false, item.position), std::pair(c, item.position));
    }
    Past past;
    for (const auto& a : aired) {
        const auto known = numbers.find(a.id);
        const auto start = day_.tick(a.start), end = std::max(start, day_.tick(a.end));
        for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
            const auto& claim = day_.claims[c];
            if (claim.booking->id != a.booking) continue;
            const auto add = [&](const std::vector<Item>& items, bool padding) {
                for (std::size_t i = 0; i < items.size(); ++i) {
                    if (items[i].segment->id != a.segment) continue;
                    const bool numbered = known != numbers.end() && !padding;
                    past.airings.push_back({c, static_cast<std::uint16_t>(i), padding, !numbered,
                                            numbered ? known->second.second : start, start, end, false, false,
                                            0});
                    return true;
                }
                return false;
            };
            if (!add(claim.items, false)) add(claim.padding, true);
        }
        if (known != numbers.end()) past.done.insert(known->second);
    }
    std::stable_sort(past.airings.begin(), past.airings.end(),
                     [](const Draft& a, const Draft& b) { return a.start < b.start; });
    for (const auto& a : planned.airings) {
        if (!a.filler && a.start < now && !past.done.contains({a.claim, a.number}))
            past.missed.insert({a.claim, a.number});
    }
    return past;
}

namespace {

/// The languages of a booking's airings in turn: after every play each is within one of its share, of the
/// booking's plays and of each segment's (largest remainder of both).
class Languages {
  public:
    explicit Languages(const Day& day) : day_(day), claims_(day.claims.size()) {}

    std::size_t next(const Draft& a) {
        const auto& languages = day_.claims[a.claim].languages;
        auto& all = claims_[a.claim];
        if (all.had.empty()) all.had.resize(languages.size());
        auto& one = items_[{a.claim, a.padding, a.item}];
        if (one.had.empty()) one.had.resize(languages.size());
        Tick total = 0;
        for (const auto& l : languages) total += l.share;
        std::size_t best = 0;
        Tick most = 0;
        for (std::size_t i = 0; i < languages.size(); ++i) {
            const Tick share = languages[i].share;
            const auto owed =
                share * (all.plays + 1) - total * all.had[i] + share * (one.plays + 1) - total * one.had[i];
            if (i > 0 && owed <= most) continue;
            most = owed;
            best = i;
        }
        for (auto* tally : {&all, &one}) {
            ++tally->plays;
            ++tally->had[best];
        }
        return best;
    }

  private:
    struct Had {
        Tick plays = 0;
        std::vector<Tick> had;
    };
    const Day& day_;
    std::vector<Had> claims_;
    std::map<std::tuple<std::uint32_t, bool, std::uint16_t>, Had> items_;
};

/// The first of a chain that is cleared throughout.
std::string_view locale_of(const SegmentFacts& facts, std::size_t language, Tick from, Tick until) {
    for (const auto& voice : facts.voices[language]) {
        if (covers(voice.when, from, until)) return voice.locale;
    }
    // Cleared for another language's chain alone: the country's consent is what counts.
    for (const auto& voices : facts.voices) {
        for (const auto& voice : voices) {
            if (covers(voice.when, from, until)) return voice.locale;
        }
    }
    return {};
}

}  // namespace

Plan DayPlanner::written(const Outcome& outcome, const std::vector<Draft>& before) const {
    Plan plan{place_.id, bounds_.day, place_.zone, bounds_.from, bounds_.until, {}, day_.impossible};
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
    for (const auto& hole : outcome.holes)
        plan.shortfalls.push_back({"",
                                   "slate",
                                   "",
                                   day_.instant(hole.from),
                                   1,
                                   Obstacle::nothing_booked,
                                   "nothing booked may air then; the slate shows",
                                   {},
                                   day_.instant(hole.until)});
    std::stable_sort(plan.shortfalls.begin(), plan.shortfalls.end(),
                     [](const Shortfall& a, const Shortfall& b) { return a.when < b.when; });
    return plan;
}

namespace {

std::string sentence(Obstacle why, bool fixed, const std::string& by, const std::string& segment) {
    const auto it = segment.empty() ? std::string("it") : "segment '" + segment + "'";
    const auto of = by.empty() ? std::string() : " of booking '" + by + "'";
    switch (why) {
        case Obstacle::rating:
            return it + " may not air then: outside its rating's hours or its clearance";
        case Obstacle::window:
            return it + " may not air then: outside its dayparts";
        case Obstacle::separation:
            return it + " would come too soon beside the same segment" + of;
        case Obstacle::topic_separation:
            return it + " would come too soon beside a segment" + of + " that shares a topic";
        case Obstacle::children:
            return it + " would come too near a segment" + of + " that children must be kept from";
        case Obstacle::daily_cap:
            return "its plays of the day are used up (daily_cap)";
        case Obstacle::taken:
            return "booking '" + by + "' holds that time";
        case Obstacle::day_end:
            return "it would run past the end of the broadcast day";
        case Obstacle::trimmed:
            return it + " does not fit into the block's window";
        case Obstacle::takeover:
            return "takeover '" + by + "' held its time, and no later time was left";
        case Obstacle::missed:
            return fixed ? "it did not air at its time, and its lateness rule allows no other"
                         : "it did not air at its time, and no later time was left for it";
        default:
            break;
    }
    if (!by.empty())
        return "booking '" + by + "' comes first, and no other time was free " +
               (fixed ? "within its lateness limit" : "in its turn");
    return fixed ? "no free time within its lateness limit"
                 : "no free time in its turn that its separation, rating and dayparts allow";
}

}  // namespace

Shortfall DayPlanner::shortfall_of(const Fall& fall) const {
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
            sentence(fall.why, !claim.is(BookingKind::rotation), by, segment),
            by,
            day_.instant(fall.until)};
}

Plan DayPlanner::whole() {
    return written(with_takeovers(0, {}), {});
}

namespace {

Plan tail(Plan plan, Instant from) {
    std::erase_if(plan.airings, [&](const PlannedAiring& a) { return a.end <= from; });
    std::erase_if(plan.shortfalls, [&](const Shortfall& s) { return std::max(s.when, s.until) <= from; });
    plan.from = std::max(plan.from, from);
    return plan;
}

}  // namespace

Plan DayPlanner::from(Instant now) {
    return tail(whole(), now);
}

Plan DayPlanner::rest(std::span<const Aired> aired, Instant now) {
    const auto planned = with_takeovers(0, {});
    auto begin = std::clamp<Tick>(day_.tick(now), 0, day_.length);
    auto past = past_of(planned, aired, begin);
    if (past.missed.empty()) return tail(written(planned, {}), now);
    std::vector<Draft> on_air;
    for (const auto& a : past.airings) {
        if (a.start < begin && a.end > begin) on_air.push_back(a);
    }
    for (const auto& a : on_air) begin = std::max(begin, a.end);
    for (const auto& f : planned.falls) {
        if (f.until < begin) past.done.insert({f.claim, f.number});
    }
    auto out = with_takeovers(begin, past);
    auto before = past.airings;
    std::erase_if(before, [&](const Draft& a) {
        return std::any_of(on_air.begin(), on_air.end(), [&](const Draft& b) { return a.start == b.start; });
    });
    out.airings.insert(out.airings.begin(), on_air.begin(), on_air.end());
    auto plan = written(out, before);
    plan.from = std::max(plan.from, now);
    return plan;
}

Plan plan_day(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
              local_days day, std::uint64_t seed) {
    return DayPlanner(schedule, catalogue, place, broadcast_day(schedule, place.zone, day), seed).whole();
}

Plan plan_from(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
               Instant from, std::uint64_t seed) {
    return DayPlanner(schedule, catalogue, place, broadcast_day_of(schedule, place.zone, from), seed)
        .from(from);
}

Plan plan_rest(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
               local_days day, std::uint64_t seed, std::span<const Aired> aired, Instant now) {
    return DayPlanner(schedule, catalogue, place, broadcast_day(schedule, place.zone, day), seed)
        .rest(aired, now);
}

}  // namespace riverlight::scheduler
