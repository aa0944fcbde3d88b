#include <algorithm>
#include <tuple>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {

void ease(Ground& ground, Ease how) {
    std::vector<Job*> order;
    for (auto& job : ground.jobs) order.push_back(&job);
    std::sort(order.begin(), order.end(), [](const Job* a, const Job* b) {
        return std::tuple(a->deadline, a->due, a->claim, a->number) >
               std::tuple(b->deadline, b->due, b->claim, b->number);
    });
    auto wall = ground.walls.rbegin();
    Tick next = ground.day->length;
    for (auto* job : order) {
        // What does not join without gaps needs more time than its length.
        const auto length = longest_of(ground, *job);
        const auto wanted = how == Ease::tight ? length : length + length / 2;
        auto end = std::min(job->deadline + length, next);
        for (; wall != ground.walls.rend() && wall->from >= end; ++wall) {
        }
        for (auto w = wall; w != ground.walls.rend() && w->until > end - wanted; ++w)
            if (w->from < end) end = w->from;
        const auto latest = std::max(end - wanted, job->earliest);
        job->release = std::min(job->due, latest);
        next = latest;
    }
    std::sort(ground.jobs.begin(), ground.jobs.end(), [](const Job& a, const Job& b) {
        return std::tuple(a.release, a.due, a.claim, a.number) <
               std::tuple(b.release, b.due, b.claim, b.number);
    });
}

}  // namespace riverlight::scheduler
