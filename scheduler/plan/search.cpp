#include "scheduler/plan/search.hpp"

#include <algorithm>
#include <cassert>
#include <functional>

namespace riverlight::scheduler {
namespace {

constexpr int budget_of_search_all = 40'000;

/// True for two plays of one rotation that are both made good, or both not: one can take the other's place.
bool are_alike(const Task& a, const Task& b) {
    return a.booking == b.booking && a.run.empty() && b.run.empty() && a.missed == b.missed;
}

/// Tells whether free time could hold tasks at all, separations not considered. Cuts hopeless branches of the
/// search.
class FreeTimeBound {
  public:
    explicit FreeTimeBound(const Timetable& timetable) : timetable_(timetable) {
        for (const auto& task : timetable.problem().tasks) bounds_.push_back(bounds_of(task));
    }

    /// True if the time in which the tasks may lie could hold them.
    bool could_hold(const std::vector<TaskIndex>& tasks) const {
        Interval all{never, day_begin};
        for (const auto task : tasks)
            all = {std::min(all.from, bounds_[task].when.from),
                   std::max(all.until, bounds_[task].when.until)};
        return could_hold(tasks, all);
    }

    /// True if that holds as well for each part of the day and the tasks that must lie inside it.
    bool could_hold_in_every_part(const std::vector<TaskIndex>& tasks) const {
        return std::all_of(tasks.begin(), tasks.end(), [&](TaskIndex first) {
            return std::all_of(tasks.begin(), tasks.end(), [&](TaskIndex last) {
                const Interval part{bounds_[first].when.from, bounds_[last].when.until};
                std::vector<TaskIndex> inside;
                for (const auto task : tasks) {
                    const auto& when = bounds_[task].when;
                    if (when.from >= part.from && when.until <= part.until) inside.push_back(task);
                }
                return could_hold(inside, part);
            });
        });
    }

    /// True if the task's windows allow a start in `when`.
    bool may_start(TaskIndex task, const Interval& when) const {
        const auto& items = timetable_.items_of(timetable_.task(task));
        return std::any_of(items.begin(), items.end(), [&](const Item& item) {
            return first_fit(item.allowed, when.from, item.length) < when.until;
        });
    }

  private:
    /// Where a task must lie, and the least time that it takes.
    struct Bounds {
        Interval when;
        milliseconds length{};
    };

    Bounds bounds_of(const Task& task) const {
        if (!task.run.empty()) {
            const auto length = timetable_.longest(task);
            return {{task.earliest, task.deadline + length}, length};
        }
        Bounds out{{never, day_begin}, never.time_since_epoch()};
        for (const auto& item : timetable_.items_of(task)) {
            out.length = std::min(out.length, item.length);
            for (const auto& allowed : item.allowed) {
                out.when.from = std::min(out.when.from, allowed.from);
                out.when.until = std::max(out.when.until, allowed.until);
            }
        }
        out.when.from = std::max(out.when.from, timetable_.problem().begin);
        return out;
    }

    bool could_hold(const std::vector<TaskIndex>& tasks, const Interval& when) const {
        milliseconds needed{}, shortest = never.time_since_epoch();
        for (const auto task : tasks) {
            needed += bounds_[task].length;
            shortest = std::min(shortest, bounds_[task].length);
        }
        for (auto at = when.from; needed > milliseconds{} && at < when.until;) {
            const auto free = timetable_.free_from(at, std::max(milliseconds{1}, shortest));
            if (!free || free->from >= when.until) break;
            needed -= most_within(tasks, {free->from, std::min(free->until, when.until)});
            at = free->until;
        }
        return needed <= milliseconds{};
    }

    /// The most of a free interval that any of the tasks can use together.
    milliseconds most_within(const std::vector<TaskIndex>& tasks, const Interval& free) const {
        std::vector<milliseconds> sums{milliseconds{}};
        for (const auto task : tasks) {
            const auto& [when, length] = bounds_[task];
            if (std::max(when.from, free.from) + length > std::min(when.until, free.until)) continue;
            for (auto i = sums.size(); i-- > 0;)
                if (sums[i] + length <= free.length()) sums.push_back(sums[i] + length);
            std::sort(sums.begin(), sums.end());
            sums.erase(std::unique(sums.begin(), sums.end()), sums.end());
        }
        return sums.back();
    }

    const Timetable& timetable_;
    std::vector<Bounds> bounds_;  ///< by task
};

class Search {
  public:
    /// `anywhere`: rotations' plays may be placed anywhere in their windows; null: between each task's
    /// earliest start and its deadline.
    Search(Timetable& timetable, const FreeTimeBound* anywhere, const std::vector<TaskIndex>& tasks,
           int& budget)
        : timetable_(timetable), anywhere_(anywhere), budget_(budget) {
        for (const auto task : tasks) bookings_.push_back(timetable.task(task).booking);
        std::sort(bookings_.begin(), bookings_.end());
        bookings_.erase(std::unique(bookings_.begin(), bookings_.end()), bookings_.end());
    }

    /// Places all of `open`; false: none.
    bool run(std::vector<TaskIndex>& open) {
        if (open.empty()) return quotas_hold();
        if (open.size() > 1 && ((anywhere_ && !anywhere_->could_hold(open)) || !each_has_a_slot(open)))
            return false;
        for (std::size_t i = 0; i < open.size(); ++i) {
            const auto task = open[i];
            if (comes_after_another(task, open)) continue;
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
            if (run_with_next(task, open)) return true;
            open.insert(open.begin() + static_cast<std::ptrdiff_t>(i), task);
            if (budget_ <= 0) return false;
        }
        return false;
    }

  private:
    bool quotas_hold() const {
        return std::all_of(bookings_.begin(), bookings_.end(),
                           [&](BookingIndex booking) { return timetable_.quotas_hold(booking); });
    }

    /// Tasks that are alike are tried in one order only.
    bool comes_after_another(TaskIndex index, const std::vector<TaskIndex>& open) const {
        const auto& task = timetable_.task(index);
        return std::any_of(open.begin(), open.end(), [&](TaskIndex other) {
            return other != index && are_alike(timetable_.task(other), task) &&
                   timetable_.task(other).order < task.order;
        });
    }

    /// If one of them has no slot now, it has none after others are placed.
    bool each_has_a_slot(const std::vector<TaskIndex>& open) const {
        return std::all_of(open.begin(), open.end(), [&](TaskIndex index) {
            const auto& task = timetable_.task(index);
            const auto& problem = timetable_.problem();
            const bool wide = anywhere_ && task.run.empty();
            return timetable_
                .find_slot(task, wide ? problem.begin : task.earliest,
                           wide ? problem.day->end() : task.deadline)
                .has_value();
        });
    }

    bool run_with_next(TaskIndex index, std::vector<TaskIndex>& open) {
        const auto& task = timetable_.task(index);
        const auto& quotas = timetable_.rotation(task).quotas;
        if (!anywhere_ || !task.run.empty() || task.missed || quotas.empty())
            return run_within(index, task.earliest, task.deadline, open);
        for (std::size_t hour = 0; hour < quotas.size(); ++hour) {
            const Interval when{begin_of_hour(hour), begin_of_hour(hour + 1)};
            if (timetable_.plays_in_hour(task.booking, hour) + 1 > quotas[hour].most ||
                !anywhere_->may_start(index, when))
                continue;
            if (run_within(index, when.from, when.until - milliseconds{1}, open)) return true;
            if (budget_ <= 0) return false;
        }
        return false;
    }

    /// Tries each item of a rotation with few items, and otherwise the item that is due.
    bool run_within(TaskIndex index, DayTime from, DayTime last, std::vector<TaskIndex>& open) {
        const auto& task = timetable_.task(index);
        const auto items = timetable_.items_of(task).size();
        const bool each_item = task.run.empty() && items <= 4;
        for (std::size_t choice = 0; choice < (each_item ? items : 1); ++choice) {
            if (--budget_ <= 0) return false;
            const auto slot = timetable_.find_slot(task, from, last, nullptr,
                                                   each_item ? std::optional(choice) : std::nullopt);
            if (!slot) continue;
            timetable_.place(index, *slot);
            if (run(open)) return true;
            timetable_.remove(index);
        }
        return false;
    }

    Timetable& timetable_;
    std::vector<BookingIndex> bookings_;  ///< of all tasks, each once
    const FreeTimeBound* anywhere_;
    int& budget_;
};

/// Tasks to leave out.
struct Omission {
    unsigned bits = 0;            ///< one for each task
    std::vector<int> priorities;  ///< of those left out, the highest first
};

/// Of tasks that are alike only the last ones are left out: any others would give the same result.
bool omits_last_of_alike(const Timetable& timetable, unsigned bits) {
    const auto& tasks = timetable.problem().tasks;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if ((bits >> i & 1U) == 0) continue;
        for (std::size_t other = 0; other < tasks.size(); ++other) {
            if (are_alike(tasks[i], tasks[other]) && tasks[other].order > tasks[i].order &&
                (bits >> other & 1U) == 0)
                return false;
        }
    }
    return true;
}

/// None, then single tasks, and so on; of equal numbers the lowest priorities first.
std::vector<Omission> omissions(const Timetable& timetable) {
    const auto count = timetable.task_count();
    std::vector<Omission> order;
    for (unsigned bits = 0; bits < 1U << count; ++bits) {
        if (!omits_last_of_alike(timetable, bits)) continue;
        Omission one{bits, {}};
        for (TaskIndex task = 0; task < count; ++task)
            if ((bits >> task & 1U) != 0) one.priorities.push_back(timetable.priority(task));
        std::sort(one.priorities.begin(), one.priorities.end(), std::greater<>());
        order.push_back(std::move(one));
    }
    std::stable_sort(order.begin(), order.end(), [](const Omission& a, const Omission& b) {
        if (a.priorities.size() != b.priorities.size()) return a.priorities.size() < b.priorities.size();
        return a.priorities < b.priorities;
    });
    return order;
}

}  // namespace

bool search_orders(Timetable& timetable, std::vector<TaskIndex> tasks, int& budget) {
    std::sort(tasks.begin(), tasks.end(), [&](TaskIndex a, TaskIndex b) {
        return std::pair(timetable.task(a).deadline, a) < std::pair(timetable.task(b).deadline, b);
    });
    return Search(timetable, nullptr, tasks, budget).run(tasks);
}

bool search_all(Timetable& timetable) {
    assert(timetable.task_count() < 16);  // it looks at every subset of them
    int budget = budget_of_search_all;
    const FreeTimeBound bound(timetable);
    for (const auto& omission : omissions(timetable)) {
        if (budget <= 0) return false;
        std::vector<TaskIndex> open, left_out;
        for (TaskIndex task = 0; task < timetable.task_count(); ++task)
            ((omission.bits >> task & 1U) != 0 ? left_out : open).push_back(task);
        if (!bound.could_hold_in_every_part(open) || !Search(timetable, &bound, open, budget).run(open))
            continue;
        timetable.unplaced.clear();
        for (const auto task : left_out) timetable.unplaced.push_back({task, Obstacle::no_time, {}});
        return true;
    }
    return false;
}

}  // namespace riverlight::scheduler
