#include "scheduler/plan/greedy.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace riverlight::scheduler {
namespace {

std::vector<int> all_jobs(const Sketch& sketch) {
    std::vector<int> jobs(sketch.ground().jobs.size());
    std::iota(jobs.begin(), jobs.end(), 0);
    return jobs;
}

void lay_or_lose(Sketch& sketch, int job, Tick from) {
    const auto& j = sketch.job(job);
    Sketch::Attempt refusal;
    if (const auto spot = sketch.fit(j, from, j.deadline, refusal))
        return sketch.put(job, spot->start, spot->item);
    sketch.lost.push_back({job, refusal.why, refusal.by});
}

void lay_in_any_hour(Sketch& sketch, int job) {
    const auto& j = sketch.job(job);
    const auto& hours = sketch.rotation(j).hours;
    if (j.missed || hours.empty()) return lay_or_lose(sketch, job, j.earliest);
    Sketch::Attempt refusal;
    for (std::size_t hour = 0; hour < hours.size(); ++hour) {
        if (sketch.plays_in_hour(j.claim, hour) + 1 > hours[hour].most) continue;
        const auto from = static_cast<Tick>(hour) * hour_ticks;
        const auto spot = sketch.fit(j, from, from + hour_ticks - 1, refusal);
        if (spot) return sketch.put(job, spot->start, spot->item);
    }
    sketch.lost.push_back({job, refusal.why, refusal.by});
}

/// When the first of a job may start, or the last; a run has a turn of its own.
Tick opens(const Sketch& sketch, const Job& job) {
    if (!job.run.empty() || job.missed) return job.earliest;
    Tick first = never;
    for (const auto& item : sketch.ground().day->claims[job.claim].items)
        for (const auto& s : item.allowed) first = std::min(first, s.from);
    return first;
}
Tick closes(const Sketch& sketch, const Job& job) {
    if (!job.run.empty() || job.missed) return job.deadline;
    Tick last = 0;
    for (const auto& item : sketch.ground().day->claims[job.claim].items)
        for (const auto& s : item.allowed) last = std::max(last, s.until - item.length);
    return last;
}

Tick rank(const Sketch& sketch, int job, Tie tie) {
    const auto& j = sketch.job(job);
    switch (tie) {
        case Tie::released:
            return j.release;
        case Tie::due:
            return j.deadline;
        case Tie::opens:
            return opens(sketch, j);
        case Tie::closes:
            return closes(sketch, j);
        default:
            return sketch.longest(j);
    }
}

}  // namespace

void lay_by_priority(Sketch& sketch) {
    auto order = all_jobs(sketch);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        if (sketch.priority(a) != sketch.priority(b)) return sketch.priority(a) > sketch.priority(b);
        return sketch.job(a).run.empty() < sketch.job(b).run.empty();
    });
    for (const auto job : order) lay_or_lose(sketch, job, sketch.job(job).release);
}

bool lay_anywhere(Sketch& sketch, Tie tie) {
    auto order = all_jobs(sketch);
    using Key = std::tuple<int, Tick, std::uint32_t>;
    std::vector<Key> keys;
    keys.reserve(order.size());
    for (const auto job : order)
        keys.emplace_back(-sketch.priority(job), rank(sketch, job, tie), sketch.job(job).claim);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return keys[static_cast<std::size_t>(a)] < keys[static_cast<std::size_t>(b)];
    });
    for (const auto job : order) lay_in_any_hour(sketch, job);
    for (std::uint32_t c = 0; c < sketch.ground().day->claims.size(); ++c)
        if (!sketch.hours_hold(c)) return false;
    return true;
}

}  // namespace riverlight::scheduler
