#include "scheduler/plan/layout.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

#include "scheduler/plan/deadline_order.hpp"
#include "scheduler/plan/priority_order.hpp"
#include "scheduler/plan/relax.hpp"
#include "scheduler/plan/repair.hpp"
#include "scheduler/plan/search.hpp"

namespace riverlight::scheduler {

DueItems::DueItems(const std::vector<Item>& items, const PlayTally& tally) : items_(items), tally_(tally) {
    assert(tally.items.size() == items.size());
    for (const auto& item : items) weights_ += item.weight;
}

std::int64_t DueItems::owed_to(std::size_t item) const {
    return std::int64_t{items_[item].weight} * (tally_.plays + 1) - weights_ * tally_.items[item];
}

std::size_t DueItems::most_owed() const {
    std::size_t due = 0;
    auto most = owed_to(0);
    for (std::size_t i = 1; i < items_.size(); ++i) {
        const auto owed = owed_to(i);
        if (owed <= most) continue;
        due = i;
        most = owed;
    }
    return due;
}

/// Mostly the first is all that is asked for.
std::optional<std::size_t> DueItems::next() {
    if (taken_ == items_.size()) return {};
    if (taken_++ == 0) return most_owed();
    if (order_.empty()) {
        std::vector<std::int64_t> owed(items_.size());
        for (std::size_t i = 0; i < owed.size(); ++i) owed[i] = owed_to(i);
        order_.resize(items_.size());
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::stable_sort(order_.begin(), order_.end(),
                         [&](std::size_t a, std::size_t b) { return owed[a] > owed[b]; });
    }
    return order_[taken_ - 1];
}

int priority_of(const PlacementProblem& problem, const Task& task) {
    return problem.day->bookings[task.booking].priority;
}

milliseconds longest_of(const PlacementProblem& problem, const Task& task) {
    const auto& items = problem.day->bookings[task.booking].items;
    milliseconds sum{}, most{};
    for (const auto i : task.run) sum += items[i].length;
    if (!task.run.empty()) return sum;
    for (const auto& item : items) most = std::max(most, item.length);
    return most;
}

namespace {

/// A full search is tried for up to so many tasks, any hour of the day for up to so many.
constexpr std::size_t most_searched = 10, most_in_any_hour = 200;

/// Priorities of the unplaced tasks, negated: the highest priority comes first.
std::vector<int> unplaced_priorities(const Timetable& timetable) {
    std::vector<int> priorities;
    for (const auto& one : timetable.unplaced) priorities.push_back(-timetable.priority(one.task));
    std::sort(priorities.begin(), priorities.end());
    return priorities;
}

/// True if `a` loses less of the highest priority at which the two differ.
bool is_better(const Timetable& a, const Timetable& b) {
    const auto lost_a = unplaced_priorities(a), lost_b = unplaced_priorities(b);
    for (std::size_t i = 0; i < lost_a.size() && i < lost_b.size(); ++i) {
        if (lost_a[i] != lost_b[i]) return lost_a[i] > lost_b[i];
    }
    return lost_a.size() < lost_b.size();
}

/// The last start to which a placed task may be put off. Quotas were checked for the hour it is in: a play of
/// a rotation may not leave it.
DayTime latest_of(const Timetable& timetable, const Task& task, DayTime start) {
    if (timetable.rotation(task).quotas.empty() || task.missed) return task.deadline;
    const auto hour_end = begin_of_hour(hour_of(start) + 1) - milliseconds{1};
    const bool within_own_time = start >= task.earliest && start <= task.deadline;
    return within_own_time ? std::min(task.deadline, hour_end) : hour_end;
}

void add_placements(const Timetable& timetable, TaskIndex index, std::vector<Placement>& placements) {
    const auto& task = timetable.task(index);
    const auto& items = timetable.items_of(task);
    const auto& slot = timetable.slot(index);
    const auto latest = latest_of(timetable, task, slot.start);
    auto start = slot.start;
    const auto add = [&](std::size_t i, int number) {
        placements.push_back({task.booking, static_cast<std::uint16_t>(i), number, start, items[i].length,
                              latest + (start - slot.start), index, false, false, milliseconds{}});
        start += items[i].length;
    };
    if (task.run.empty()) add(slot.item, task.number);
    for (const auto i : task.run) add(i, items[i].position);
}

Layout layout_of(const Timetable& timetable) {
    Layout out;
    out.unplaced = timetable.unplaced;
    for (TaskIndex index = 0; index < timetable.task_count(); ++index)
        if (timetable.is_placed(index)) add_placements(timetable, index, out.placements);
    std::sort(out.placements.begin(), out.placements.end(),
              [](const Placement& a, const Placement& b) { return a.start < b.start; });
    for (auto& one : out.unplaced) {
        if (!one.by) one.by = timetable.booking_at(timetable.task(one.task).deadline);
    }
    return out;
}

/// Of all timetables that lose no more plays than the best of `by_priority`, the one that loses least of the
/// highest priorities.
const Timetable& best_of(const std::vector<Timetable>& by_priority, const std::vector<Timetable>& others) {
    const auto* least = &*std::min_element(
        by_priority.begin(), by_priority.end(),
        [](const Timetable& a, const Timetable& b) { return a.unplaced.size() < b.unplaced.size(); });
    const auto most = least->unplaced.size();
    const auto* best = least;
    for (const auto* list : {&by_priority, &others}) {
        for (const auto& one : *list) {
            if (one.unplaced.size() <= most && is_better(one, *best)) best = &one;
        }
    }
    return *best;
}

/// Places all tasks with `place` and repairs. While tasks are unplaced, hours may be below their quota. If in
/// the end all are placed and an hour is still below, it is done again with the strict check.
template <class Place>
Timetable place_and_repair(const PlacementProblem& problem, Place place) {
    const auto placed = [&](QuotaCheck check) {
        Timetable timetable(problem, check);
        place(timetable);
        repair(timetable);
        return timetable;
    };
    auto timetable = placed(QuotaCheck::lenient);
    if (!timetable.unplaced.empty() || timetable.all_quotas_hold() || problem.effort->is_spent())
        return timetable;
    return placed(QuotaCheck::strict);
}

/// For a day on which deadline order, `first`, leaves a task unplaced.
Layout try_other_orders(const PlacementProblem& problem, Timetable first) {
    std::vector<Timetable> by_priority, others;
    by_priority.push_back(place_and_repair(problem, place_by_priority));
    if (by_priority.back().unplaced.empty()) return layout_of(by_priority.back());
    if (problem.tasks.size() <= most_searched) {
        Timetable searched(problem);
        if (search_all(searched) && searched.unplaced.size() <= by_priority.back().unplaced.size())
            return layout_of(searched);
    }
    for (const auto tie_break : {TieBreak::release, TieBreak::deadline, TieBreak::window_begin,
                                 TieBreak::window_end, TieBreak::shortest}) {
        if (problem.tasks.size() > most_in_any_hour || problem.effort->is_spent()) break;
        Timetable timetable(problem);
        if (place_in_any_hour(timetable, tie_break)) by_priority.push_back(std::move(timetable));
    }
    others.push_back(std::move(first));
    if (!problem.effort->is_spent()) {
        place_by_deadline(others.emplace_back(problem), Protect::higher_priorities);
        repair(others.back());
    }
    return layout_of(best_of(by_priority, others));
}

}  // namespace

Layout lay_out(PlacementProblem& problem) {
    assert(problem.day && problem.effort && problem.rotations &&
           problem.rotations->size() == problem.day->bookings.size());
    for (const auto how : {Relaxation::tight, Relaxation::loose}) {
        relax_releases(problem, how);
        Timetable timetable(problem);
        place_by_deadline(timetable, Protect::all);
        if (timetable.unplaced.empty() || problem.effort->is_spent()) return layout_of(timetable);
    }
    // Repair works around each unplaced task; the rest of the day keeps its ideal times.
    relax_releases(problem, Relaxation::tight);
    auto first =
        place_and_repair(problem, [](Timetable& timetable) { place_by_deadline(timetable, Protect::all); });
    return first.unplaced.empty() || problem.effort->is_spent() ? layout_of(first)
                                                                : try_other_orders(problem, std::move(first));
}

}  // namespace riverlight::scheduler
