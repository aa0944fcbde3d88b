#include "scheduler/plan/relax.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace riverlight::scheduler {

void relax_releases(PlacementProblem& problem, Relaxation how) {
    std::vector<Task*> order;
    for (auto& task : problem.tasks) order.push_back(&task);
    std::sort(order.begin(), order.end(), [](const Task* a, const Task* b) {
        return std::tuple(a->deadline, a->ideal, a->booking, a->number) >
               std::tuple(b->deadline, b->ideal, b->booking, b->number);
    });
    auto blocked = problem.blocked.rbegin();
    auto next = problem.day->end();
    for (auto* task : order) {
        const auto length = longest_of(problem, *task);
        const auto wanted = how == Relaxation::tight ? length : length + length / 2;
        auto end = std::min(task->deadline + length, next);
        for (; blocked != problem.blocked.rend() && blocked->from >= end; ++blocked) {
        }
        for (auto b = blocked; b != problem.blocked.rend() && b->until > end - wanted; ++b)
            if (b->from < end) end = b->from;
        const auto latest = std::max(end - wanted, task->earliest);
        task->release = std::min(task->ideal, latest);
        assert(task->release >= task->earliest || task->release == task->ideal);
        next = latest;
    }
    std::sort(problem.tasks.begin(), problem.tasks.end(), [](const Task& a, const Task& b) {
        return std::tuple(a.release, a.ideal, a.booking, a.number) <
               std::tuple(b.release, b.ideal, b.booking, b.number);
    });
}

}  // namespace riverlight::scheduler
