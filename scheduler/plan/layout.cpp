#include "scheduler/plan/layout.hpp"

#include <algorithm>

#include "scheduler/plan/greedy.hpp"
#include "scheduler/plan/repair.hpp"
#include "scheduler/plan/search.hpp"
#include "scheduler/plan/walk.hpp"

namespace riverlight::scheduler {
namespace {

/// Up to how many jobs are searched whole, and are laid anywhere.
constexpr std::size_t small_day = 10, wide_day = 200;

/// Losses from the highest priority down, and how many in all.
std::vector<int> losses_by_priority(const Sketch& sketch) {
    std::vector<int> priorities;
    for (const auto& lost : sketch.lost) priorities.push_back(-sketch.priority(lost.job));
    std::sort(priorities.begin(), priorities.end());
    return priorities;
}

/// Fewer losses of the highest priority first.
bool better(const Sketch& a, const Sketch& b) {
    const auto la = losses_by_priority(a), lb = losses_by_priority(b);
    for (std::size_t i = 0; i < la.size() && i < lb.size(); ++i) {
        if (la[i] != lb[i]) return la[i] > lb[i];
    }
    return la.size() < lb.size();
}

Layout finished(const Sketch& sketch) {
    Layout out;
    out.lost = sketch.lost;
    const auto& ground = sketch.ground();
    for (std::size_t index = 0; index < ground.jobs.size(); ++index) {
        const auto job = static_cast<int>(index);
        if (!sketch.stands(job)) continue;
        const auto& j = ground.jobs[index];
        const auto& items = ground.day->claims[j.claim].items;
        const auto& spot = sketch.spot(job);
        auto latest = j.deadline;
        // Hours were counted as they stand: a play may be put off inside its own only.
        if (!sketch.rotation(j).hours.empty() && !j.missed) {
            const bool in_turn = spot.start >= j.earliest && spot.start <= j.deadline;
            const auto hour_end = (spot.start / hour_ticks + 1) * hour_ticks - 1;
            latest = in_turn ? std::min(latest, hour_end) : hour_end;
        }
        auto start = spot.start;
        const auto add = [&](std::size_t i, int number) {
            out.placed.push_back({j.claim, static_cast<std::uint16_t>(i), number, start, items[i].length,
                                  latest + (start - spot.start), job, false, false, 0});
            start += items[i].length;
        };
        if (j.run.empty()) add(static_cast<std::size_t>(spot.item), j.number);
        for (const auto i : j.run) add(i, items[i].position);
    }
    std::sort(out.placed.begin(), out.placed.end(),
              [](const Placed& a, const Placed& b) { return a.start < b.start; });
    for (auto& lost : out.lost) {
        if (lost.by < 0) lost.by = sketch.holder(sketch.job(lost.job).deadline);
    }
    return out;
}

/// Of all that were tried what spares the highest, among those that lose no more plays than the best that
/// goes by priority alone.
const Sketch& best_of(const std::vector<Sketch>& greedies, const std::vector<Sketch>& others) {
    const auto* least =
        &*std::min_element(greedies.begin(), greedies.end(),
                           [](const Sketch& a, const Sketch& b) { return a.lost.size() < b.lost.size(); });
    const auto most = least->lost.size();
    const auto* best = least;
    for (const auto* list : {&greedies, &others}) {
        for (const auto& one : *list) {
            if (one.lost.size() <= most && better(one, *best)) best = &one;
        }
    }
    return *best;
}

/// Laid, and mended where a play was lost. While some have no time an hour may be short of them; where in the
/// end all have one and an hour is short still, it is done again with each hour held to its own.
template <class Lay>
Sketch mended(const Ground& ground, Lay lay) {
    const auto laid = [&](Sketch sketch) {
        lay(sketch);
        repair(sketch);
        return sketch;
    };
    auto sketch = laid(Sketch(ground));
    if (!sketch.lost.empty() || sketch.all_hours_hold()) return sketch;
    return laid(Sketch(ground, Sketch::Short::own));
}

/// What is tried where going by deadline has lost a play.
Layout second_thoughts(const Ground& ground, Sketch first) {
    std::vector<Sketch> greedies, others;
    greedies.push_back(mended(ground, lay_by_priority));
    if (greedies.back().lost.empty()) return finished(greedies.back());
    if (ground.jobs.size() <= small_day) {
        Sketch all(ground);
        if (search_all(all) && all.lost.size() <= greedies.back().lost.size()) return finished(all);
    }
    for (const auto tie : {Tie::released, Tie::due, Tie::opens, Tie::closes, Tie::shortest}) {
        if (ground.jobs.size() > wide_day) break;
        Sketch wide(ground);
        if (lay_anywhere(wide, tie)) greedies.push_back(std::move(wide));
    }
    others.push_back(std::move(first));
    walk(others.emplace_back(ground), true);
    repair(others.back());
    return finished(best_of(greedies, others));
}

}  // namespace

Layout lay_out(Ground& ground) {
    for (const auto how : {Ease::tight, Ease::loose}) {
        ease(ground, how);
        Sketch sketch(ground);
        walk(sketch, false);
        if (sketch.lost.empty()) return finished(sketch);
    }
    // What is lost is mended around where it is lost; the rest of the day keeps its ideal times.
    ease(ground, Ease::tight);
    auto first = mended(ground, [](Sketch& sketch) { walk(sketch, false); });
    return first.lost.empty() ? finished(first) : second_thoughts(ground, std::move(first));
}

}  // namespace riverlight::scheduler
