#include "scheduler/plan/timetable.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::scheduler {
namespace {

/// Placing or removing a task takes as long as so many tries.
constexpr std::size_t tries_of_placing = 4;

}  // namespace

Timetable::Timetable(const PlacementProblem& problem, QuotaCheck check)
    : problem_(&problem),
      check_(check),
      rules_(problem.rules),
      tallies_(problem.tallies),
      slots_(problem.tasks.size(), Slot{never, 0}),
      taken_(problem.begin, problem.day->end()),
      hours_of_day_(hour_of(problem.day->end()) + 1),
      plays_in_hours_(problem.day->bookings.size() * hours_of_day_),
      unplaced_count_(problem.day->bookings.size()),
      due_in_hours_(plays_in_hours_.size()) {
    for (const auto& task : problem.tasks) {
        ++unplaced_count_[task.booking];
        if (task.run.empty() && !task.missed) ++due_in_hours_[hour_index(task, task.ideal)];
    }
    for (const auto& blocked : problem.blocked) {
        const auto from = std::max(blocked.from, problem.begin);
        if (from < blocked.until) taken_.take({from, blocked.until}, {});
    }
}

namespace {

/// The least time that a task can do with.
milliseconds shortest_of(const Timetable& timetable, const Task& task, std::optional<std::size_t> only_item) {
    const auto& items = timetable.items_of(task);
    if (!task.run.empty()) return timetable.longest(task);
    if (only_item) return items[*only_item].length;
    auto least = never.time_since_epoch();
    for (const auto& item : items) least = std::min(least, item.length);
    return least;
}

}  // namespace

Timetable::Attempt Timetable::try_run_at(const Task& task, DayTime at, DayTime free_until) const {
    auto start = at;
    for (const auto index : task.run) {
        const auto& item = items_of(task)[index];
        if (const auto allowed = first_fit(item.allowed, start, item.length); allowed != start) {
            const auto why =
                start + item.length > problem_->day->end() ? Obstacle::day_end : Obstacle::rating;
            return {{}, allowed == never ? never : at + (allowed - start), why, {}};
        }
        if (const auto conflict = rules_.find_conflict(task.booking, item, start, item.length))
            return {{}, at + (conflict->retry - start), conflict->why, conflict->by};
        start += item.length;
    }
    if (start > free_until) return {{}, free_until, Obstacle::no_time, {}};
    return {0, at, {}, {}};
}

Timetable::Attempt Timetable::try_at(const Task& task, DayTime at, DayTime free_until,
                                     std::optional<std::size_t> only_item) const {
    if (!task.run.empty()) return try_run_at(task, at, free_until);
    const auto& items = items_of(task);
    DueItems due(items, tallies_[task.booking]);
    problem_->effort->spend(tries_of_ordering(items.size()));
    Attempt failed;
    const auto note_failure = [&](DayTime retry, Obstacle why, std::optional<BookingIndex> by) {
        if (retry <= at || retry >= failed.retry) return;
        failed.retry = retry;
        failed.why = why;
        failed.by = by;
    };
    for (int tried = 0; auto i = only_item ? only_item : due.next(); ++tried) {
        if (tried >= Effort::tried_at_once && problem_->effort->is_spent()) break;
        problem_->effort->spend(1);
        const auto& item = items[*i];
        if (const auto allowed = first_fit(item.allowed, at, item.length); allowed != at) {
            note_failure(allowed, Obstacle::rating, {});
        } else if (at + item.length > free_until) {
            note_failure(free_until, Obstacle::no_time, {});
        } else if (const auto conflict = rules_.find_conflict(task.booking, item, at, item.length)) {
            note_failure(conflict->retry, conflict->why, conflict->by);
        } else {
            return {i, at, {}, {}};
        }
        if (only_item) break;
    }
    return failed;
}

std::optional<Slot> Timetable::find_slot(const Task& task, DayTime from, DayTime last, Attempt* failure,
                                         std::optional<std::size_t> only_item) const {
    const auto length = std::max(milliseconds{1}, shortest_of(*this, task, only_item));
    for (auto at = std::max(from, problem_->begin); at <= last && at < problem_->day->end();) {
        problem_->effort->spend(1);
        const auto free = taken_.free_from(at, length);
        if (!free || free->from > last) {
            if (failure) *failure = {};
            return {};
        }
        const auto attempt = try_at(task, free->from, free->until, only_item);
        if (attempt.item) return Slot{free->from, *attempt.item};
        if (failure) *failure = attempt;
        at = std::max(free->from + milliseconds{1}, attempt.retry);
    }
    return {};
}

milliseconds Timetable::length_of(TaskIndex index, std::size_t item) const {
    const auto& one = task(index);
    return one.run.empty() ? items_of(one)[item].length : longest(one);
}

void Timetable::count(const Task& task, const Slot& slot, int by) {
    unplaced_count_[task.booking] -= static_cast<std::uint32_t>(by);
    auto& tally = tallies_[task.booking];
    tally.plays += by * static_cast<int>(std::max<std::size_t>(1, task.run.size()));
    for (const auto i : task.run) tally.items[i] += by;
    if (!task.run.empty()) return;
    tally.items[slot.item] += by;
    if (task.missed) return;
    const auto add = [](std::uint16_t& plays, int more) { plays = static_cast<std::uint16_t>(plays + more); };
    add(plays_in_hours_[hour_index(task, slot.start)], by);
    add(due_in_hours_[hour_index(task, task.ideal)], -by);
}

void Timetable::place(TaskIndex index, const Slot& slot) {
    assert(!is_placed(index) && slot.start >= problem_->begin);
    problem_->effort->spend(tries_of_placing);
    const auto& one = task(index);
    const auto& items = items_of(one);
    slots_[index] = slot;
    taken_.take({slot.start, slot.start + length_of(index, slot.item)}, index);
    count(one, slot, 1);
    auto start = slot.start;
    const auto add = [&](const Item& item) {
        rules_.add(one.booking, item, start, start + item.length);
        start += item.length;
    };
    if (one.run.empty()) return add(items[slot.item]);
    for (const auto i : one.run) add(items[i]);
}

void Timetable::remove(TaskIndex index) {
    assert(is_placed(index));
    problem_->effort->spend(tries_of_placing);
    const auto& one = task(index);
    const auto& items = items_of(one);
    auto& slot = slots_[index];
    taken_.release(slot.start);
    count(one, slot, -1);
    auto start = slot.start;
    const auto remove_item = [&](const Item& item) {
        rules_.remove(one.booking, item, start);
        start += item.length;
    };
    if (one.run.empty()) remove_item(items[slot.item]);
    for (const auto i : one.run) remove_item(items[i]);
    slot.start = never;
}

std::optional<BookingIndex> Timetable::booking_at(DayTime at) const {
    const auto found = taken_.task_at(at);
    return found ? std::optional(task(*found).booking) : std::nullopt;
}

bool Timetable::quotas_allow(const Task& task, DayTime start) const {
    const auto& quotas = rotation(task).quotas;
    if (task.missed || quotas.empty()) return true;
    const auto own = hour_of(task.ideal), hour = hour_of(start);
    return plays_in_hour(task.booking, hour) + 1 <= quotas[hour].most &&
           (hour == own || plays_in_hour(task.booking, own) >= quotas[own].least);
}

bool Timetable::quotas_hold(BookingIndex booking, QuotaCheck check) const {
    const auto& quotas = (*problem_->rotations)[booking].quotas;
    for (std::size_t hour = 0; hour < quotas.size(); ++hour) {
        const auto plays = plays_in_hour(booking, hour);
        if (plays > quotas[hour].most) return false;
        // Hours before `begin` have no tasks.
        const bool is_past = begin_of_hour(hour) < problem_->begin;
        if (is_past || (check == QuotaCheck::lenient && unplaced_count_[booking] > 0)) continue;
        if (plays + due_in_hours_[booking * hours_of_day_ + hour] < quotas[hour].least) return false;
    }
    return true;
}

bool Timetable::all_quotas_hold() const {
    for (BookingIndex booking = 0; booking < problem_->day->bookings.size(); ++booking)
        if (!quotas_hold(booking, QuotaCheck::strict)) return false;
    return true;
}

}  // namespace riverlight::scheduler
