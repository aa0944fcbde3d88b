#include "scheduler/plan/day_planner.hpp"

#include <algorithm>
#include <cassert>
#include <map>

#include "scheduler/plan/fill_day.hpp"
#include "scheduler/plan/resolve.hpp"
#include "scheduler/plan/takeover.hpp"

namespace riverlight::scheduler {

using std::chrono::days;
using std::chrono::seconds;

namespace {

RunTimes run_times(const Schedule& schedule, const content::Place& place, const LocalDay& bounds,
                   const Day& day) {
    const auto at = [&](seconds time) {
        const auto shift = time < schedule.day_start ? days{1} : days{0};
        return day.time_of(instant_of(bounds.day + shift, time, place.zone));
    };
    RunTimes times;
    times.starts.resize(day.bookings.size());
    times.ends.resize(day.bookings.size());
    for (std::size_t b = 0; b < day.bookings.size(); ++b) {
        if (!day.bookings[b].is_run()) continue;
        times.starts[b] = at(day.bookings[b].booking->at);
        times.ends[b] = at(day.bookings[b].booking->block_until);
        if (times.ends[b] <= times.starts[b]) times.ends[b] = day.end();
    }
    return times;
}

/// What of a plan ends after `from`.
Plan tail_of(Plan plan, Instant from) {
    std::erase_if(plan.airings, [&](const PlannedAiring& a) { return a.end <= from; });
    std::erase_if(plan.shortfalls, [&](const Shortfall& s) { return std::max(s.when, s.until) <= from; });
    std::erase_if(plan.gaps, [&](const Gap& gap) { return gap.until <= from; });
    plan.from = std::max(plan.from, from);
    return plan;
}

}  // namespace

DayPlanner::DayPlanner(const Schedule& schedule, const content::Catalogue& catalogue,
                       const content::Place& place, const LocalDay& day, std::uint64_t seed)
    : bounds_(day),
      day_(resolve(schedule, catalogue, place, day)),
      times_(run_times(schedule, place, day, day_)),
      builder_(place, bounds_, day_) {
    for (BookingIndex b = 0; b < day_.bookings.size(); ++b) indices_.emplace(day_.bookings[b].booking->id, b);
    rotations_.reserve(day_.bookings.size());
    for (const auto& booking : day_.bookings) {
        rotations_.push_back(
            booking.is(BookingKind::rotation)
                ? pace_rotation(booking, day_.length, salt_of(seed, place.id, day.day, booking.booking->id))
                : PacedRotation{});
    }
}

DraftPlan DayPlanner::plan_without_takeovers(DayTime begin, const History& history, Effort& effort) const {
    auto prepared = prepare_day(day_, rotations_, times_, begin, history);
    prepared.problem.effort = &effort;
    prepared.problem.rules.count(effort);
    const auto layout = lay_out(prepared.problem);
    auto placements = std::move(prepared.fixed);
    placements.insert(placements.end(), layout.placements.begin(), layout.placements.end());
    std::sort(placements.begin(), placements.end(),
              [](const Placement& a, const Placement& b) { return a.start < b.start; });
    assert(
        std::adjacent_find(placements.begin(), placements.end(), [](const Placement& a, const Placement& b) {
            return a.start + a.length > b.start;
        }) == placements.end());
    auto out = fill_day(prepared.problem, std::move(placements), prepared.blocks);
    out.shortfalls = std::move(prepared.shortfalls);
    for (const auto& one : layout.unplaced) {
        const auto& task = prepared.problem.tasks[one.task];
        const auto why = task.missed && one.why == Obstacle::no_time ? Obstacle::missed : one.why;
        out.shortfalls.push_back({task.booking, task.number, {}, task.ideal, task.deadline, why, one.by});
    }
    return out;
}

DraftPlan DayPlanner::plan(DayTime begin, const History& history) const {
    Effort effort;  // for the day with all its takeovers
    return plan_with_takeovers(day_, begin, history, [&](DayTime from, const History& before) {
        return plan_without_takeovers(from, before, effort);
    });
}

void DayPlanner::add_aired(const Aired& aired, const PlayKey* key, History& history) const {
    const auto start = day_.time_of(aired.start), end = std::max(start, day_.time_of(aired.end));
    const auto add = [&](BookingIndex b, const std::vector<Item>& items, bool padding) {
        const auto item = std::find_if(items.begin(), items.end(),
                                       [&](const Item& one) { return one.segment->id == aired.segment; });
        if (item == items.end()) return false;
        history.airings.push_back({b, static_cast<std::uint16_t>(item - items.begin()), padding,
                                   key && !padding ? std::optional(key->second) : std::nullopt, start, end,
                                   false, false, milliseconds{}});
        return true;
    };
    if (const auto found = indices_.find(aired.booking); found != indices_.end()) {
        const auto& booking = day_.bookings[found->second];
        if (!add(found->second, booking.items, false)) add(found->second, booking.padding, true);
    }
    if (key) history.done.insert(*key);
}

History DayPlanner::history_of(const DraftPlan& planned, std::span<const Aired> aired, DayTime now) const {
    std::map<std::string, PlayKey> keys;
    for (BookingIndex b = 0; b < day_.bookings.size(); ++b) {
        for (const auto& play : rotations_[b].plays)
            keys.emplace(builder_.id_of(b, play.number), PlayKey{b, play.number});
        if (!day_.bookings[b].is_run()) continue;
        for (const auto& item : day_.bookings[b].items)
            keys.emplace(builder_.id_of(b, item.position), PlayKey{b, item.position});
    }
    History history;
    for (const auto& one : aired) {
        const auto known = keys.find(one.id);
        add_aired(one, known == keys.end() ? nullptr : &known->second, history);
    }
    std::stable_sort(history.airings.begin(), history.airings.end(),
                     [](const DraftAiring& a, const DraftAiring& b) { return a.start < b.start; });
    for (const auto& a : planned.airings) {
        if (a.number && a.start < now && !history.done.contains({a.booking, *a.number}))
            history.missed.insert({a.booking, *a.number});
    }
    return history;
}

Plan DayPlanner::whole() const {
    return builder_.build(plan(day_begin, {}), {});
}

Plan DayPlanner::from(Instant now) const {
    return tail_of(whole(), now);
}

Plan DayPlanner::rest(std::span<const Aired> aired, Instant now) const {
    const auto original = plan(day_begin, {});
    auto begin = std::clamp(day_.time_of(now), day_begin, day_.end());
    auto history = history_of(original, aired, begin);
    // A play that was made good before its time must not be on again then.
    const bool made_good_early =
        std::any_of(original.airings.begin(), original.airings.end(), [&](const DraftAiring& a) {
            return a.number && a.start >= begin && history.done.contains({a.booking, *a.number});
        });
    if (history.missed.empty() && !made_good_early) return tail_of(builder_.build(original, {}), now);
    std::vector<DraftAiring> on_air;
    for (const auto& a : history.airings) {
        if (a.start < begin && a.end > begin) on_air.push_back(a);
    }
    for (const auto& a : on_air) begin = std::max(begin, a.end);
    for (const auto& one : original.shortfalls) {
        if (one.number && one.until < begin) history.done.insert({one.booking, *one.number});
    }
    auto out = plan(begin, history);
    auto before = history.airings;
    std::erase_if(before, [&](const DraftAiring& a) {
        return std::any_of(on_air.begin(), on_air.end(),
                           [&](const DraftAiring& b) { return a.start == b.start; });
    });
    out.airings.insert(out.airings.begin(), on_air.begin(), on_air.end());
    auto result = builder_.build(out, before);
    result.from = std::max(result.from, now);
    return result;
}

}  // namespace riverlight::scheduler
