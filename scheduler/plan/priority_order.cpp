#include "scheduler/plan/priority_order.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace riverlight::scheduler {
namespace {

std::vector<TaskIndex> all_tasks(const Timetable& timetable) {
    std::vector<TaskIndex> tasks(timetable.task_count());
    std::iota(tasks.begin(), tasks.end(), TaskIndex{0});
    return tasks;
}

void place_from(Timetable& timetable, TaskIndex index, DayTime from) {
    Timetable::Attempt failure;
    if (const auto slot =
            timetable.find_slot(timetable.task(index), from, timetable.task(index).deadline, &failure))
        return timetable.place(index, *slot);
    timetable.unplaced.push_back({index, failure.why, failure.by});
}

void place_in_first_hour(Timetable& timetable, TaskIndex index) {
    const auto& task = timetable.task(index);
    const auto& quotas = timetable.rotation(task).quotas;
    if (task.missed || quotas.empty()) return place_from(timetable, index, task.earliest);
    Timetable::Attempt failure;
    for (std::size_t hour = 0; hour < quotas.size(); ++hour) {
        if (timetable.plays_in_hour(task.booking, hour) + 1 > quotas[hour].most) continue;
        const auto slot = timetable.find_slot(task, begin_of_hour(hour),
                                              begin_of_hour(hour + 1) - milliseconds{1}, &failure);
        if (slot) return timetable.place(index, *slot);
    }
    timetable.unplaced.push_back({index, failure.why, failure.by});
}

/// The first start that a task's windows allow; a run and a play made good have their own.
DayTime window_begin(const Timetable& timetable, const Task& task) {
    if (!task.run.empty() || task.missed) return task.earliest;
    auto first = never;
    for (const auto& item : timetable.items_of(task))
        for (const auto& allowed : item.allowed) first = std::min(first, allowed.from);
    return first;
}

/// The last start that a task's windows allow.
DayTime window_end(const Timetable& timetable, const Task& task) {
    if (!task.run.empty() || task.missed) return task.deadline;
    auto last = day_begin;
    for (const auto& item : timetable.items_of(task))
        for (const auto& allowed : item.allowed) last = std::max(last, allowed.until - item.length);
    return last;
}

DayTime rank(const Timetable& timetable, const Task& task, TieBreak tie_break) {
    switch (tie_break) {
        case TieBreak::release:
            return task.release;
        case TieBreak::deadline:
            return task.deadline;
        case TieBreak::window_begin:
            return window_begin(timetable, task);
        case TieBreak::window_end:
            return window_end(timetable, task);
        case TieBreak::shortest:
            return day_begin + timetable.longest(task);
    }
    return {};
}

}  // namespace

void place_by_priority(Timetable& timetable) {
    auto order = all_tasks(timetable);
    std::stable_sort(order.begin(), order.end(), [&](TaskIndex a, TaskIndex b) {
        if (timetable.priority(a) != timetable.priority(b))
            return timetable.priority(a) > timetable.priority(b);
        return timetable.task(a).run.empty() < timetable.task(b).run.empty();
    });
    for (const auto index : order) place_from(timetable, index, timetable.task(index).release);
}

bool place_in_any_hour(Timetable& timetable, TieBreak tie_break) {
    auto order = all_tasks(timetable);
    using Key = std::tuple<int, DayTime, BookingIndex>;
    std::vector<Key> keys;
    keys.reserve(order.size());
    for (const auto index : order) {
        const auto& task = timetable.task(index);
        keys.emplace_back(-timetable.priority(index), rank(timetable, task, tie_break), task.booking);
    }
    std::stable_sort(order.begin(), order.end(), [&](TaskIndex a, TaskIndex b) { return keys[a] < keys[b]; });
    for (const auto index : order) place_in_first_hour(timetable, index);
    for (BookingIndex booking = 0; booking < timetable.problem().day->bookings.size(); ++booking)
        if (!timetable.quotas_hold(booking)) return false;
    return true;
}

}  // namespace riverlight::scheduler
