#include "scheduler/plan/takeover.hpp"

#include <algorithm>
#include <set>

namespace riverlight::scheduler {
namespace {

struct Takeover {
    Stretch when;
    std::uint32_t claim = 0;
};

/// The takeovers of the day as they stand, the higher over the lesser.
std::vector<Takeover> takeovers_of(const Day& day) {
    std::set<Tick> edges;
    std::vector<std::uint32_t> claims;
    std::vector<std::vector<Stretch>> reach(day.claims.size());
    for (std::uint32_t c = 0; c < day.claims.size(); ++c) {
        if (!day.claims[c].is(BookingKind::takeover)) continue;
        claims.push_back(c);
        reach[c] = allowed_for_any(day.claims[c]);
        for (const auto& s : reach[c]) edges.insert({s.from, s.until});
    }
    std::stable_sort(claims.begin(), claims.end(), [&](std::uint32_t a, std::uint32_t b) {
        return day.claims[a].priority > day.claims[b].priority;
    });
    std::vector<Takeover> out;
    for (auto edge = edges.begin(); edge != edges.end() && std::next(edge) != edges.end(); ++edge) {
        const auto until = *std::next(edge);
        const auto on = std::find_if(claims.begin(), claims.end(),
                                     [&](std::uint32_t c) { return covers(reach[c], *edge, until); });
        if (on == claims.end()) continue;
        if (!out.empty() && out.back().claim == *on && out.back().when.until == *edge) {
            out.back().when.until = until;
        } else {
            out.push_back({{*edge, until}, *on});
        }
    }
    return out;
}

/// The time of its own in which a takeover may show nothing.
std::vector<Fall> mute_times(const Day& day, Tick begin) {
    std::vector<Fall> out;
    for (std::uint32_t c = 0; c < day.claims.size(); ++c) {
        if (!day.claims[c].is(BookingKind::takeover)) continue;
        const auto reach = allowed_for_any(day.claims[c]);
        const auto add = [&](Tick from, Tick until) {
            if (from < until && until > begin)
                out.push_back({c, from, -1, std::max(from, begin), until, Obstacle::rating, -1});
        };
        for (const auto& own : day.claims[c].open) {
            auto at = own.from;
            for (const auto& s : reach) {
                if (s.until <= own.from || s.from >= own.until) continue;
                add(at, s.from);
                at = s.until;
            }
            add(at, own.until);
        }
    }
    return out;
}

/// Where an item that starts at `at` ends: with itself, with `until`, or with its hours; `at`: it may not.
Tick end_of(const Item& item, Tick at, Tick until) {
    Tick end = at;
    for (const auto& s : item.allowed) {
        if (s.from <= at) end = std::max(end, std::min({s.until, at + item.length, until}));
    }
    return end;
}

struct Choice {
    std::size_t item = 0;
    Tick end = 0;
};
/// The item whose turn it is of those that end with themselves or with `until`; else of those that their
/// hours cut.
Choice choose(const Claim& claim, const Tally& tally, Tick at, Tick until) {
    Choice cut{0, at};
    std::vector<bool> tried(claim.items.size());
    for (int i = next_item(claim.items, tally, tried); i >= 0; i = next_item(claim.items, tally, tried)) {
        const auto index = static_cast<std::size_t>(i);
        const auto end = end_of(claim.items[index], at, until);
        if (end == std::min(at + claim.items[index].length, until)) return {index, end};
        if (cut.end == at) cut = {index, end};
        tried[index] = true;
    }
    return cut;
}

/// Puts a takeover's segments on, one behind the other, until it ends.
void take_over(const Day& day, const Takeover& one, std::vector<Draft>& airings) {
    const auto& claim = day.claims[one.claim];
    Tally tally{0, std::vector<int>(claim.items.size())};
    for (const auto& a : airings) {
        if (a.claim != one.claim) continue;
        ++tally.plays;
        ++tally.items[a.item];
    }
    for (Tick now = one.when.from; now < one.when.until;) {
        const auto [item, end] = choose(claim, tally, now, one.when.until);
        airings.push_back({one.claim, static_cast<std::uint16_t>(item), false, true, now, now, end,
                           now == one.when.from, end - now < claim.items[item].length, 0});
        ++tally.plays;
        ++tally.items[item];
        now = end;
    }
}

/// Whether a block's programme has gone on without this part of it: it does not go back.
bool passed_over(const Day& day, const Fall& fall, const std::vector<Draft>& aired) {
    if (!day.claims[fall.claim].is(BookingKind::block)) return false;
    return std::any_of(aired.begin(), aired.end(), [&](const Draft& a) {
        return a.claim == fall.claim && !a.padding && a.number > fall.number;
    });
}

/// One takeover's way into a plan: what was before it is kept, what it took becomes past and missed.
class Cut {
  public:
    Cut(const Day& day, const Takeover& one, const Past& past)
        : day_(day), one_(one), known_(past), past_(past) {}

    Outcome run(const Outcome& planned, const Stretcher& plan) {
        keep_before(planned);
        sort_falls(planned.falls);
        take_over(day_, one_, kept_.airings);
        for (const auto& a : kept_.airings) {
            past_.airings.push_back(a);
            if (!a.filler) past_.done.insert({a.claim, a.number});
        }
        if (one_.when.until < day_.length) {
            add_rest(plan(one_.when.until, past_));
        } else {
            own_up_at_days_end();
        }
        return std::move(kept_);
    }

  private:
    void keep_before(const Outcome& planned) {
        for (auto a : planned.airings) {
            if (a.start >= one_.when.from) {
                if (!a.filler && a.start < one_.when.until) past_.missed.insert({a.claim, a.number});
                continue;
            }
            if (a.end > one_.when.from) {
                a.end = one_.when.from;
                a.cut = true;
            }
            kept_.airings.push_back(a);
        }
        for (const auto& h : planned.holes)
            if (h.from < one_.when.from) kept_.holes.push_back({h.from, std::min(h.until, one_.when.from)});
    }

    void sort_falls(const std::vector<Fall>& falls) {
        for (const auto& f : falls) {
            if (f.until >= one_.when.from && f.why != Obstacle::daily_cap &&
                !passed_over(day_, f, kept_.airings)) {
                open_.push_back(f);
                continue;
            }
            kept_.falls.push_back(f);
            past_.done.insert({f.claim, f.number});
        }
    }

    void add_rest(const Outcome& rest) {
        kept_.airings.insert(kept_.airings.end(), rest.airings.begin(), rest.airings.end());
        kept_.holes.insert(kept_.holes.end(), rest.holes.begin(), rest.holes.end());
        for (auto f : rest.falls) {
            if (f.why == Obstacle::missed || (f.when >= one_.when.from && f.when < one_.when.until)) {
                f.why = Obstacle::takeover;
                f.by = one_.claim;
            }
            kept_.falls.push_back(f);
        }
    }

    /// Nothing of the day is left to plan anew: what had no place before has none now.
    void own_up_at_days_end() {
        kept_.falls.insert(kept_.falls.end(), open_.begin(), open_.end());
        for (const auto& [claim, number] : past_.missed) {
            if (known_.missed.contains({claim, number})) continue;
            kept_.falls.push_back(
                {claim, number, -1, one_.when.from, one_.when.until, Obstacle::takeover, one_.claim});
        }
    }

    const Day& day_;
    const Takeover& one_;
    const Past& known_;
    Past past_;
    Outcome kept_;
    std::vector<Fall> open_;  ///< might still have found a place when the takeover came
};

}  // namespace

Outcome with_takeovers(const Day& day, Tick begin, const Past& past, const Stretcher& plan) {
    auto out = plan(begin, past);
    for (auto one : takeovers_of(day)) {
        if (one.when.until <= begin) continue;
        one.when.from = std::max(one.when.from, begin);
        out = Cut(day, one, past).run(out, plan);
    }
    const auto mute = mute_times(day, begin);
    out.falls.insert(out.falls.end(), mute.begin(), mute.end());
    return out;
}

}  // namespace riverlight::scheduler
