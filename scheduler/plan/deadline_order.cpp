#include "scheduler/plan/deadline_order.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <queue>
#include <set>

namespace riverlight::scheduler {
namespace {

/// How late tasks may start without making another late. Of tasks above one priority, or of all.
struct StartLimits {
    /// By task: the latest start that leaves the tasks after it, in deadline order, their time.
    std::vector<DayTime> latest;
    /// By task, in order of release: the least of `latest` from it on. Something that is on longer than this
    /// makes a task late that is not released yet.
    std::vector<DayTime> least;
};

/// `above`: only tasks of a higher priority than this; none: all.
StartLimits start_limits(const Timetable& timetable, const std::vector<TaskIndex>& by_deadline,
                         std::optional<int> above) {
    const auto& tasks = timetable.problem().tasks;
    const auto& all_blocked = timetable.problem().blocked;
    auto blocked = all_blocked.rbegin();
    StartLimits out;
    out.latest.assign(tasks.size(), never);
    auto next = timetable.problem().day->end(), next_release = next;
    for (auto at = by_deadline.rbegin(); at != by_deadline.rend(); ++at) {
        const auto& task = tasks[*at];
        if (above && timetable.priority(*at) <= *above) continue;
        const auto length = timetable.longest(task);
        auto end = std::min(task.deadline + length, std::max(next, next_release));
        for (; blocked != all_blocked.rend() && blocked->from >= end; ++blocked) {
        }
        for (auto b = blocked; b != all_blocked.rend() && b->until > end - length; ++b)
            if (b->from < end) end = std::min(end, b->from);
        out.latest[*at] = end - length;
        next = end - length;
        next_release = task.release;
    }
    out.least.assign(tasks.size() + 1, never);
    for (auto i = tasks.size(); i-- > 0;) {
        // A task that cannot be on time in any case is not waited for.
        const bool can_be_on_time = out.latest[i] != never && out.latest[i] >= tasks[i].release;
        out.least[i] = std::min(out.least[i + 1], can_be_on_time ? out.latest[i] : never);
    }
    return out;
}

class DeadlineOrder {
  public:
    DeadlineOrder(Timetable& timetable, Protect protect) : timetable_(timetable), protect_(protect) {
        std::vector<TaskIndex> by_deadline(timetable.task_count());
        std::iota(by_deadline.begin(), by_deadline.end(), TaskIndex{0});
        std::sort(by_deadline.begin(), by_deadline.end(), [&](TaskIndex a, TaskIndex b) {
            return std::pair(timetable.task(a).deadline, a) < std::pair(timetable.task(b).deadline, b);
        });
        if (protect == Protect::all) {
            limits_.push_back(start_limits(timetable, by_deadline, {}));
            return;
        }
        for (TaskIndex index = 0; index < timetable.task_count(); ++index)
            priorities_.push_back(timetable.priority(index));
        std::sort(priorities_.begin(), priorities_.end());
        priorities_.erase(std::unique(priorities_.begin(), priorities_.end()), priorities_.end());
        for (const auto priority : priorities_)
            limits_.push_back(start_limits(timetable, by_deadline, priority));
    }

    void run() {
        const auto& problem = timetable_.problem();
        assert(std::is_sorted(problem.tasks.begin(), problem.tasks.end(),
                              [](const Task& a, const Task& b) { return a.release < b.release; }));
        auto now = problem.begin;
        for (std::size_t blocked = 0;;) {
            for (; blocked < problem.blocked.size() && problem.blocked[blocked].from <= now; ++blocked)
                now = std::max(now, problem.blocked[blocked].until);
            if (now >= problem.day->end()) break;
            const auto free_until =
                blocked < problem.blocked.size() ? problem.blocked[blocked].from : problem.day->end();
            release_tasks(now);
            if (const auto length = start_one(now, free_until); length > milliseconds{}) {
                now += length;
                continue;
            }
            auto next = free_until;
            if (next_ < problem.tasks.size()) next = std::min(next, problem.tasks[next_].release);
            if (!waiting_.empty()) next = std::min(next, waiting_.top().first);
            now = std::max(now + milliseconds{1}, next);
        }
        for (; next_ < problem.tasks.size(); ++next_) give_up(static_cast<TaskIndex>(next_), {});
        for (const auto& ready : ready_) give_up(ready.task, {});
        for (; !waiting_.empty(); waiting_.pop()) give_up(waiting_.top().second, {});
    }

  private:
    /// In the order in which ready tasks are tried.
    struct Ready {
        DayTime deadline{};
        int negated_priority = 0;
        BookingIndex booking = 0;
        TaskIndex task = 0;
        auto operator<=>(const Ready&) const = default;
    };
    /// A task, and when to try it again.
    using Waiting = std::pair<DayTime, TaskIndex>;

    void make_ready(TaskIndex index) {
        const auto& task = timetable_.task(index);
        ready_.insert({task.deadline, -timetable_.priority(index), task.booking, index});
    }

    /// A play that is due within less than the shortest time that can be shown comes now, if its pace allows:
    /// nothing could fill the gap.
    void release_tasks(DayTime now) {
        const auto& tasks = timetable_.problem().tasks;
        for (; next_ < tasks.size() && tasks[next_].release < now + shortest_shown; ++next_) {
            if (tasks[next_].release > now && tasks[next_].earliest > now) break;
            make_ready(static_cast<TaskIndex>(next_));
        }
        for (; !waiting_.empty() && waiting_.top().first <= now; waiting_.pop())
            make_ready(waiting_.top().second);
    }

    void give_up(TaskIndex index, const Timetable::Attempt& last) {
        timetable_.unplaced.push_back({index, last.why, last.by});
    }

    /// The length of the task that was started; 0: none can.
    milliseconds start_one(DayTime now, DayTime free_until) {
        std::vector<TaskIndex> deferred;
        milliseconds started{};
        const auto& effort = *timetable_.problem().effort;
        for (int tried = 0; !ready_.empty() && started == milliseconds{}; ++tried) {
            if (tried >= Effort::tried_at_once && effort.is_spent()) break;
            const auto index = ready_.begin()->task;
            ready_.erase(ready_.begin());
            const auto& task = timetable_.task(index);
            if (task.deadline < now) {
                give_up(index, {});
                continue;
            }
            const auto attempt = timetable_.try_at(task, now, free_until);
            if (!attempt.item) {
                if (attempt.retry > task.deadline || effort.is_spent()) {
                    give_up(index, attempt);
                } else {
                    waiting_.emplace(attempt.retry, index);
                }
                continue;
            }
            const auto length = timetable_.length_of(index, *attempt.item);
            if (makes_another_late(index, now + length, deferred)) {
                deferred.push_back(index);
                continue;
            }
            timetable_.place(index, {now, *attempt.item});
            started = length;
        }
        for (const auto index : deferred) make_ready(index);
        return started;
    }

    /// Whether a task that ends at `end` makes a protected task late.
    bool makes_another_late(TaskIndex index, DayTime end, const std::vector<TaskIndex>& deferred) const {
        if (protect_ == Protect::all) return end > limits_.front().least[next_];
        const auto priority = timetable_.priority(index);
        const auto& limits = limits_[static_cast<std::size_t>(
            std::lower_bound(priorities_.begin(), priorities_.end(), priority) - priorities_.begin())];
        if (end > limits.least[next_]) return true;
        const auto is_higher = [&](TaskIndex other) { return timetable_.priority(other) > priority; };
        if (std::any_of(deferred.begin(), deferred.end(), is_higher)) return false;
        return std::any_of(ready_.begin(), ready_.end(), [&](const Ready& ready) {
            return is_higher(ready.task) &&
                   end > std::max(limits.latest[ready.task], timetable_.task(ready.task).release);
        });
    }

    Timetable& timetable_;
    Protect protect_;
    std::vector<int> priorities_;      ///< ascending, each once; empty: all tasks are protected
    std::vector<StartLimits> limits_;  ///< by priority; one if all tasks are protected
    std::size_t next_ = 0;             ///< the next task that is not released
    std::set<Ready> ready_;
    std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
};

}  // namespace

void place_by_deadline(Timetable& timetable, Protect protect) {
    DeadlineOrder(timetable, protect).run();
}

}  // namespace riverlight::scheduler
