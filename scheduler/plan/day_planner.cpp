#include "scheduler/plan/day_planner.hpp"

#include <algorithm>
#include <map>

#include "scheduler/plan/resolve.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;

namespace {

RunTimes times_of(const Schedule& schedule, const content::Place& place, const LocalDay& bounds,
                  const Day& day) {
    const auto at = [&](seconds time) {
        const auto next = time < schedule.day_start ? days{1} : days{0};
        return day.tick(instant_of(bounds.day + next, time, place.zone));
    };
    RunTimes times;
    times.starts.resize(day.claims.size());
    times.ends.resize(day.claims.size());
    for (std::size_t c = 0; c < day.claims.size(); ++c) {
        if (!day.claims[c].is_run()) continue;
        times.starts[c] = at(day.claims[c].booking->at);
        times.ends[c] = at(day.claims[c].booking->block_until);
        if (times.ends[c] <= times.starts[c]) times.ends[c] = day.length;
    }
    return times;
}

}  // namespace

DayPlanner::DayPlanner(const Schedule& schedule, const content::Catalogue& catalogue,
                       const content::Place& place, const LocalDay& day, std::uint64_t seed)
    : bounds_(day),
      day_(resolve(schedule, catalogue, place, day)),
      times_(times_of(schedule, place, day, day_)),
      records_(place, bounds_, day_) {
    rotations_.reserve(day_.claims.size());
    for (const auto& claim : day_.claims) {
        rotations_.push_back(
            claim.is(BookingKind::rotation)
                ? pace(claim, day_.length, salt_of(seed, place.id, day.day, claim.booking->id))
                : Rotation{});
    }
}

Outcome DayPlanner::stretch(Tick begin, const Past& past) const {
    auto work = lay_ground(day_, rotations_, times_, begin, past);
    auto layout = lay_out(work.ground);
    Outcome out;
    out.falls = std::move(work.falls);
    for (const auto& lost : layout.lost) {
        const auto& job = work.ground.jobs[static_cast<std::size_t>(lost.job)];
        const auto why = job.missed && lost.why == Obstacle::no_time ? Obstacle::missed : lost.why;
        out.falls.push_back({job.claim, job.number, -1, job.due, job.deadline, why, lost.by});
    }
    std::vector<Placed> all = std::move(work.hard);
    all.insert(all.end(), layout.placed.begin(), layout.placed.end());
    std::sort(all.begin(), all.end(), [](const Placed& a, const Placed& b) { return a.start < b.start; });
    settle(work.ground, all, work.blocks, out.airings, out.holes);
    return out;
}

Outcome DayPlanner::planned(Tick begin, const Past& past) const {
    return with_takeovers(day_, begin, past,
                          [this](Tick from, const Past& before) { return stretch(from, before); });
}

/// Takes down what was on: once for each claim of its booking that holds its segment.
void DayPlanner::note_aired(const Aired& aired, const std::pair<std::uint32_t, Tick>* known,
                            Past& past) const {
    const auto start = day_.tick(aired.start), end = std::max(start, day_.tick(aired.end));
    const auto add = [&](std::uint32_t c, const std::vector<Item>& items, bool padding) {
        const auto item = std::find_if(items.begin(), items.end(),
                                       [&](const Item& one) { return one.segment->id == aired.segment; });
        if (item == items.end()) return false;
        const bool numbered = known != nullptr && !padding;
        past.airings.push_back({c, static_cast<std::uint16_t>(item - items.begin()), padding, !numbered,
                                numbered ? known->second : start, start, end, false, false, 0});
        return true;
    };
    for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
        const auto& claim = day_.claims[c];
        if (claim.booking->id == aired.booking && !add(c, claim.items, false)) add(c, claim.padding, true);
    }
    if (known) past.done.insert(*known);
}

Past DayPlanner::past_of(const Outcome& planned, std::span<const Aired> aired, Tick now) const {
    std::map<std::string, std::pair<std::uint32_t, Tick>> numbers;
    for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
        for (const auto& turn : rotations_[c].turns)
            numbers.emplace(records_.id_of(c, false, turn.number), std::pair(c, turn.number));
        if (!day_.claims[c].is_run()) continue;
        for (const auto& item : day_.claims[c].items)
            numbers.emplace(records_.id_of(c, false, item.position), std::pair(c, item.position));
    }
    Past past;
    for (const auto& one : aired) {
        const auto known = numbers.find(one.id);
        note_aired(one, known == numbers.end() ? nullptr : &known->second, past);
    }
    std::stable_sort(past.airings.begin(), past.airings.end(),
                     [](const Draft& a, const Draft& b) { return a.start < b.start; });
    for (const auto& a : planned.airings) {
        if (!a.filler && a.start < now && !past.done.contains({a.claim, a.number}))
            past.missed.insert({a.claim, a.number});
    }
    return past;
}

Plan DayPlanner::whole() const {
    return records_.written(planned(0, {}), {});
}

namespace {

Plan tail(Plan plan, Instant from) {
    std::erase_if(plan.airings, [&](const PlannedAiring& a) { return a.end <= from; });
    std::erase_if(plan.shortfalls, [&](const Shortfall& s) { return std::max(s.when, s.until) <= from; });
    std::erase_if(plan.gaps, [&](const Gap& gap) { return gap.until <= from; });
    plan.from = std::max(plan.from, from);
    return plan;
}

}  // namespace

Plan DayPlanner::from(Instant now) const {
    return tail(whole(), now);
}

Plan DayPlanner::rest(std::span<const Aired> aired, Instant now) const {
    const auto before_trouble = planned(0, {});
    auto begin = std::clamp<Tick>(day_.tick(now), 0, day_.length);
    auto past = past_of(before_trouble, aired, begin);
    if (past.missed.empty()) return tail(records_.written(before_trouble, {}), now);
    std::vector<Draft> on_air;
    for (const auto& a : past.airings) {
        if (a.start < begin && a.end > begin) on_air.push_back(a);
    }
    for (const auto& a : on_air) begin = std::max(begin, a.end);
    for (const auto& f : before_trouble.falls) {
        if (f.until < begin) past.done.insert({f.claim, f.number});
    }
    auto out = planned(begin, past);
    auto before = past.airings;
    std::erase_if(before, [&](const Draft& a) {
        return std::any_of(on_air.begin(), on_air.end(), [&](const Draft& b) { return a.start == b.start; });
    });
    out.airings.insert(out.airings.begin(), on_air.begin(), on_air.end());
    auto plan = records_.written(out, before);
    plan.from = std::max(plan.from, now);
    return plan;
}

}  // namespace riverlight::scheduler
