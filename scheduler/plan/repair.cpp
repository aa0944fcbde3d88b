#include "scheduler/plan/repair.hpp"

#include <algorithm>

#include "scheduler/plan/search.hpp"

namespace riverlight::scheduler {
namespace {

/// Placements that may be tried: by searches in all, by one search, by pushing in all.
constexpr int search_budget = 40'000, budget_of_one_search = 200, push_budget = 20'000;
/// How many of the tasks around an unplaced one a search may move, and how many a push.
constexpr std::size_t most_searched = 6, most_pushed = 48;

class Repair {
  public:
    explicit Repair(Timetable& timetable) : timetable_(timetable) {}

    void run() {
        auto unplaced = std::move(timetable_.unplaced);
        timetable_.unplaced.clear();
        std::stable_sort(unplaced.begin(), unplaced.end(), [&](const UnplacedTask& a, const UnplacedTask& b) {
            return timetable_.priority(a.task) > timetable_.priority(b.task);
        });
        for (const auto& one : unplaced)
            if (is_spent() || !place(one.task)) timetable_.unplaced.push_back(one);
    }

  private:
    bool is_spent() const { return timetable_.problem().effort->is_spent(); }

    bool place(TaskIndex index) {
        const auto& task = timetable_.task(index);
        auto slot = timetable_.find_slot(task, task.earliest, task.deadline);
        if (!slot || !timetable_.quotas_allow(task, slot->start)) slot = find_slot_by_hour(task);
        if (!slot) return push_around(index) || search_around(index);
        timetable_.place(index, *slot);
        return true;
    }

    /// Anywhere in its own hour, or in another whose quota allows one more play while its own allows one
    /// less; nearest hours first.
    std::optional<Slot> find_slot_by_hour(const Task& task) {
        const auto count = static_cast<std::int64_t>(timetable_.rotation(task).quotas.size());
        if (task.missed || count == 0) return {};
        const auto own = static_cast<std::int64_t>(hour_of(task.ideal));
        for (std::int64_t away = 0; away < count; ++away) {
            for (const auto hour : {own + away, own - away}) {
                if (hour < 0 || hour >= count) continue;
                const auto begin = begin_of_hour(static_cast<std::size_t>(hour));
                if (!timetable_.quotas_allow(task, begin)) continue;
                if (auto slot = timetable_.find_slot(task, begin, begin + one_hour - milliseconds{1}))
                    return slot;
            }
        }
        return {};
    }

    /// The placed tasks nearest to a task's release, by start; at most `most`.
    std::vector<TaskIndex> tasks_around(const Task& task, std::size_t most) const {
        const auto end = task.deadline + timetable_.longest(task);
        auto near = timetable_.tasks_in({std::min(task.earliest, end - one_hour), end});
        const auto distance = [&](TaskIndex other) {
            return std::chrono::abs(timetable_.slot(other).start - task.release);
        };
        std::stable_sort(near.begin(), near.end(),
                         [&](TaskIndex a, TaskIndex b) { return distance(a) < distance(b); });
        if (near.size() > most) near.resize(most);
        std::sort(near.begin(), near.end(), [&](TaskIndex a, TaskIndex b) {
            return timetable_.slot(a).start < timetable_.slot(b).start;
        });
        return near;
    }

    /// Removes the tasks around and places them again in the same order, with this task between two of them.
    bool push_around(TaskIndex index) {
        const auto near = tasks_around(timetable_.task(index), most_pushed);
        const auto before = remove_all(near);
        // From the last position on: tasks that are placed again move together and leave room behind them.
        for (auto at = near.size() + 1; at-- > 0 && pushes_left_ > 0 && !is_spent();) {
            auto order = near;
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(at), index);
            if (place_in_order(order)) return true;
        }
        restore(before);
        return false;
    }

    /// Looks for any order in which the task and the few nearest to it fit.
    bool search_around(TaskIndex index) {
        if (searches_left_ <= 0) return false;
        auto all = tasks_around(timetable_.task(index), most_searched);
        const auto before = remove_all(all);
        all.push_back(index);
        auto budget = std::min(searches_left_, budget_of_one_search);
        searches_left_ -= budget;
        const bool found = search_orders(timetable_, std::move(all), budget);
        searches_left_ += budget;
        if (!found) restore(before);
        return found;
    }

    using Slots = std::vector<std::pair<TaskIndex, Slot>>;
    Slots remove_all(const std::vector<TaskIndex>& tasks) {
        Slots slots;
        for (const auto task : tasks) {
            slots.emplace_back(task, timetable_.slot(task));
            timetable_.remove(task);
        }
        return slots;
    }
    void restore(const Slots& slots) {
        for (const auto& [task, slot] : slots) timetable_.place(task, slot);
    }

    /// Each in the first slot after the one before. Places all or none.
    bool place_in_order(const std::vector<TaskIndex>& order) {
        auto from = day_begin;
        std::size_t placed = 0;
        for (; placed < order.size(); ++placed) {
            const auto& task = timetable_.task(order[placed]);
            --pushes_left_;
            const auto slot = timetable_.find_slot(task, std::max(from, task.earliest), task.deadline);
            if (!slot) break;
            timetable_.place(order[placed], *slot);
            from = slot->start;
        }
        const auto quotas_hold = [&](TaskIndex task) {
            return timetable_.quotas_hold(timetable_.task(task).booking);
        };
        if (placed == order.size() && std::all_of(order.begin(), order.end(), quotas_hold)) return true;
        for (std::size_t i = 0; i < placed; ++i) timetable_.remove(order[i]);
        return false;
    }

    Timetable& timetable_;
    int searches_left_ = search_budget, pushes_left_ = push_budget;
};

}  // namespace

void repair(Timetable& timetable) {
    Repair(timetable).run();
}

}  // namespace riverlight::scheduler
