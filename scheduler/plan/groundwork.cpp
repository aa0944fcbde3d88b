#include "scheduler/plan/groundwork.hpp"

#include <algorithm>
#include <numeric>

namespace riverlight::scheduler {

GroundLayer::GroundLayer(const Day& day, const std::vector<Rotation>& rotations, const RunTimes& times,
                         Tick begin, const Past& past)
    : day_(day),
      times_(times),
      past_(past),
      begin_(begin),
      out_{Ground{&day, begin, {}, Rules(day), std::vector<Tally>(day.claims.size()), {}, &rotations},
           {},
           {},
           {}} {
    for (std::size_t c = 0; c < day.claims.size(); ++c)
        out_.ground.tallies[c].items.resize(day.claims[c].items.size());
    for (const auto& a : past.airings) {
        out_.ground.rules.add(a.claim, item_of(day, a), a.start, a.end);
        if (a.padding) continue;
        ++out_.ground.tallies[a.claim].plays;
        ++out_.ground.tallies[a.claim].items[a.item];
    }
}

std::vector<std::uint16_t> GroundLayer::left_of(std::uint32_t c) const {
    std::vector<std::uint16_t> left;
    for (std::size_t i = 0; i < claim(c).items.size(); ++i) {
        if (!done(c, claim(c).items[i].position)) left.push_back(static_cast<std::uint16_t>(i));
    }
    return left;
}

Tick GroundLayer::length_of(std::uint32_t c, const std::vector<std::uint16_t>& run) const {
    return std::accumulate(run.begin(), run.end(), Tick{0},
                           [&](Tick sum, std::uint16_t i) { return sum + claim(c).items[i].length; });
}

std::int64_t GroundLayer::rival(Tick from, Tick until) const {
    for (const auto& r : reserved_) {
        if (r.when.from < until && from < r.when.until) return r.claim;
    }
    for (const auto& b : out_.blocks) {
        if (b.when.from < until && from < b.when.until) return b.claim;
    }
    return -1;
}

bool GroundLayer::over_cap(std::uint32_t c, std::size_t more) const {
    const auto cap = claim(c).booking->daily_cap;
    return cap > 0 && out_.ground.tallies[c].plays + static_cast<int>(more) > cap;
}

bool GroundLayer::at_odds(std::uint32_t c, const std::vector<std::uint16_t>& run) const {
    if (day_.from_children == 0) return false;
    Tick at = 0, child = -never, rated = -never;
    for (const auto i : run) {
        const auto& item = claim(c).items[i];
        const auto& facts = day_.segments[item.key];
        if ((facts.child && at < rated + day_.from_children) ||
            (facts.rated && at < child + day_.from_children))
            return true;
        at += item.length;
        if (facts.child) child = at;
        if (facts.rated) rated = at;
    }
    return false;
}

std::optional<Objection> GroundLayer::objection(std::uint32_t c, const std::vector<std::uint16_t>& run,
                                                Tick start) const {
    const auto end = start + length_of(c, run);
    if (over_cap(c, run.size())) return Objection{Obstacle::daily_cap};
    if (end > day_.length) return Objection{Obstacle::day_end};
    if (at_odds(c, run)) return Objection{Obstacle::children, c};
    if (const auto by = rival(start, end); by >= 0) return Objection{Obstacle::taken, by, -1, true};
    for (const auto i : run) {
        const auto& item = claim(c).items[i];
        if (auto no = objection_to(c, item, start)) {
            no->item = i;
            return no;
        }
        start += item.length;
    }
    return {};
}

std::optional<Objection> GroundLayer::objection_to(std::uint32_t c, const Item& item, Tick start) const {
    if (!covers(item.allowed, start, start + item.length)) {
        const auto within = [&](const auto& open) { return covers(open, start, start + item.length); };
        return Objection{!within(day_.place_open) ? Obstacle::closed
                         : within(claim(c).open)  ? Obstacle::rating
                                                  : Obstacle::window};
    }
    if (const auto no = out_.ground.rules.refuses(c, item, start, item.length))
        return Objection{no->why, no->by};
    return {};
}

void GroundLayer::put(std::uint32_t c, std::uint16_t i, Tick start, Tick length, Tick into) {
    const auto& item = claim(c).items[i];
    out_.hard.push_back(
        {c, i, item.position, start, length, start, -1, true, into + length < item.length, into});
    out_.ground.rules.add(c, item, start, start + length);
    ++out_.ground.tallies[c].plays;
    ++out_.ground.tallies[c].items[i];
}

Groundwork GroundLayer::finished() {
    auto& walls = out_.ground.walls;
    for (const auto& r : reserved_) walls.push_back(r.when);
    for (const auto& b : out_.blocks) walls.push_back(b.when);
    walls = joined(std::move(walls));
    std::sort(out_.hard.begin(), out_.hard.end(),
              [](const Placed& a, const Placed& b) { return a.start < b.start; });
    std::sort(out_.blocks.begin(), out_.blocks.end(),
              [](const BlockWindow& a, const BlockWindow& b) { return a.when.from < b.when.from; });
    for (auto& job : out_.ground.jobs) job.due = job.release;
    std::stable_sort(out_.ground.jobs.begin(), out_.ground.jobs.end(),
                     [](const Job& a, const Job& b) { return a.release < b.release; });
    return std::move(out_);
}

}  // namespace riverlight::scheduler
