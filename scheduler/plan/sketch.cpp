#include "scheduler/plan/sketch.hpp"

#include <algorithm>

namespace riverlight::scheduler {

int next_item(const std::vector<Item>& items, const Tally& tally, const std::vector<bool>& tried) {
    Tick weights = 0;
    for (const auto& item : items) weights += item.weight;
    int best = -1;
    Tick most = 0;
    const bool all = tried.empty();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!all && tried[i]) continue;
        const auto owed = Tick{items[i].weight} * (tally.plays + 1) - weights * tally.items[i];
        if (best < 0 || owed > most) {
            best = static_cast<int>(i);
            most = owed;
        }
    }
    return best;
}

Sketch::Sketch(const Ground& ground)
    : ground_(&ground),
      rules_(ground.rules),
      tallies_(ground.tallies),
      spots_(ground.jobs.size(), Spot{never, 0}) {
    for (const auto& wall : ground.walls) busy_.emplace(wall.from, Busy{wall.until, -1});
}

namespace {

/// When an item refused by its hours is worth another try.
Tick next_allowed(const Item& item, Tick at) {
    return first_fit(item.allowed, at, item.length);
}

}  // namespace

Sketch::Attempt Sketch::attempt(const Job& job, Tick at, Tick free_until, int only_item) const {
    const auto& claim = ground_->day->claims[job.claim];
    Attempt out;
    const auto refuse = [&](Tick again, Obstacle why, std::int64_t by) {
        if (again > at && again < out.again) out = {-1, again, why, by};
    };
    if (!job.run.empty()) {
        Tick start = at;
        for (const auto index : job.run) {
            const auto& item = claim.items[index];
            if (const auto fits = next_allowed(item, start); fits != start) {
                const auto why =
                    start + item.length > ground_->day->length ? Obstacle::day_end : Obstacle::rating;
                return {-1, fits == never ? never : at + (fits - start), why, -1};
            }
            if (const auto no = rules_.refuses(job.claim, item, start, item.length))
                return {-1, at + (no->again - start), no->why, no->by};
            start += item.length;
        }
        if (start > free_until) return {-1, free_until, Obstacle::no_time, -1};
        return {0, at, {}, -1};
    }
    const auto& tally = tallies_[job.claim];
    std::vector<bool> tried;
    for (int i = only_item >= 0 ? only_item : next_item(claim.items, tally, tried); i >= 0;) {
        const auto& item = claim.items[static_cast<std::size_t>(i)];
        if (const auto fits = next_allowed(item, at); fits != at) {
            refuse(fits, Obstacle::rating, -1);
        } else if (at + item.length > free_until) {
            refuse(free_until, Obstacle::no_time, -1);
        } else if (const auto no = rules_.refuses(job.claim, item, at, item.length)) {
            refuse(no->again, no->why, no->by);
        } else {
            return {i, at, {}, -1};
        }
        if (only_item >= 0) break;
        tried.resize(claim.items.size());
        tried[static_cast<std::size_t>(i)] = true;
        i = next_item(claim.items, tally, tried);
    }
    return out;
}

std::optional<Sketch::Spot> Sketch::fit(const Job& job, Tick from, Tick last, Attempt& refusal,
                                        int only_item) const {
    for (Tick at = std::max(from, ground_->begin); at <= last && at < ground_->day->length;) {
        auto next = busy_.upper_bound(at);
        if (next != busy_.begin() && std::prev(next)->second.until > at) {
            at = std::prev(next)->second.until;
            continue;
        }
        const auto free_until = next == busy_.end() ? ground_->day->length : next->first;
        const auto tried = attempt(job, at, free_until, only_item);
        if (tried.item >= 0) return Spot{at, tried.item};
        refusal = tried;
        // Whatever stood in the way, behind the next thing that stands is another gap.
        if (tried.again >= free_until && next == busy_.end() && tried.again >= ground_->day->length) break;
        at = std::max(at + 1, tried.again);
    }
    return {};
}

Tick Sketch::length_of(int index, int item) const {
    const auto& j = job(index);
    const auto& items = ground_->day->claims[j.claim].items;
    if (j.run.empty()) return items[static_cast<std::size_t>(item)].length;
    Tick sum = 0;
    for (const auto i : j.run) sum += items[i].length;
    return sum;
}

Tick longest_of(const Ground& ground, const Job& j) {
    const auto& items = ground.day->claims[j.claim].items;
    Tick sum = 0, most = 0;
    for (const auto i : j.run) sum += items[i].length;
    if (!j.run.empty()) return sum;
    for (const auto& item : items) most = std::max(most, item.length);
    return most;
}

void Sketch::put(int index, Tick start, int item) {
    const auto& j = job(index);
    const auto& claim = ground_->day->claims[j.claim];
    spots_[static_cast<std::size_t>(index)] = {start, item};
    busy_.emplace_hint(busy_.end(), start, Busy{start + length_of(index, item), index});
    auto& tally = tallies_[j.claim];
    const auto add = [&](std::size_t i) {
        rules_.add(j.claim, claim.items[i], start, start + claim.items[i].length);
        ++tally.plays;
        ++tally.items[i];
        start += claim.items[i].length;
    };
    if (j.run.empty()) return add(static_cast<std::size_t>(item));
    for (const auto i : j.run) add(i);
}

void Sketch::take_up(int index) {
    const auto& j = job(index);
    const auto& claim = ground_->day->claims[j.claim];
    auto& where = spots_[static_cast<std::size_t>(index)];
    auto start = where.start;
    busy_.erase(start);
    auto& tally = tallies_[j.claim];
    const auto remove = [&](std::size_t i) {
        rules_.remove(j.claim, claim.items[i], start);
        --tally.plays;
        --tally.items[i];
        start += claim.items[i].length;
    };
    if (j.run.empty()) {
        remove(static_cast<std::size_t>(where.item));
    } else {
        for (const auto i : j.run) remove(i);
    }
    where.start = never;
}

std::vector<int> Sketch::on_in(Tick from, Tick until) const {
    std::vector<int> out;
    auto at = busy_.upper_bound(from);
    if (at != busy_.begin() && std::prev(at)->second.until > from) --at;
    for (; at != busy_.end() && at->first < until; ++at) {
        if (at->second.job >= 0) out.push_back(at->second.job);
    }
    return out;
}

std::int64_t Sketch::holder(Tick at) const {
    const auto next = busy_.upper_bound(at);
    if (next == busy_.begin()) return -1;
    const auto& [start, busy] = *std::prev(next);
    if (busy.until <= at || busy.job < 0) return -1;
    return job(busy.job).claim;
}

}  // namespace riverlight::scheduler
