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

int priority_of(const Ground& ground, const Job& job) {
    return ground.day->claims[job.claim].priority;
}

Tick longest_of(const Ground& ground, const Job& j) {
    const auto& items = ground.day->claims[j.claim].items;
    Tick sum = 0, most = 0;
    for (const auto i : j.run) sum += items[i].length;
    if (!j.run.empty()) return sum;
    for (const auto& item : items) most = std::max(most, item.length);
    return most;
}

Sketch::Sketch(const Ground& ground, Short of)
    : ground_(&ground),
      short_of_(of),
      rules_(ground.rules),
      tallies_(ground.tallies),
      spots_(ground.jobs.size(), Spot{never, 0}),
      taken_(ground.begin, ground.day->length),
      hours_of_day_(static_cast<std::size_t>(ground.day->length / hour_ticks) + 1),
      hours_(ground.day->claims.size() * hours_of_day_),
      open_(ground.day->claims.size()),
      owed_(hours_.size()) {
    for (const auto& job : ground.jobs) {
        ++open_[job.claim];
        if (job.run.empty() && !job.missed) ++owed_[hour_of(job, job.due)];
    }
    for (const auto& wall : ground.walls) {
        const auto from = std::max(wall.from, ground.begin);
        if (from < wall.until) taken_.take(from, wall.until, -1);
    }
}

namespace {

/// When an item refused by its hours is worth another try.
Tick next_allowed(const Item& item, Tick at) {
    return first_fit(item.allowed, at, item.length);
}

/// The least time that a job can do with.
Tick shortest_of(const Ground& ground, const Job& job, int only_item) {
    const auto& items = ground.day->claims[job.claim].items;
    if (!job.run.empty()) return longest_of(ground, job);
    if (only_item >= 0) return items[static_cast<std::size_t>(only_item)].length;
    Tick least = never;
    for (const auto& item : items) least = std::min(least, item.length);
    return least;
}

}  // namespace

Sketch::Attempt Sketch::attempt_run(const Job& job, Tick at, Tick free_until) const {
    const auto& claim = ground_->day->claims[job.claim];
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

Sketch::Attempt Sketch::attempt(const Job& job, Tick at, Tick free_until, int only_item) const {
    const auto& claim = ground_->day->claims[job.claim];
    Attempt out;
    const auto refuse = [&](Tick again, Obstacle why, std::int64_t by) {
        if (again > at && again < out.again) out = {-1, again, why, by};
    };
    if (!job.run.empty()) return attempt_run(job, at, free_until);
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
    const auto length = std::max<Tick>(1, shortest_of(*ground_, job, only_item));
    for (Tick at = std::max(from, ground_->begin); at <= last && at < ground_->day->length;) {
        const auto free = taken_.free_from(at, length);
        if (!free || free->from > last) {
            refusal = {};
            return {};
        }
        const auto tried = attempt(job, free->from, free->until, only_item);
        if (tried.item >= 0) return Spot{free->from, tried.item};
        refusal = tried;
        at = std::max(free->from + 1, tried.again);
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

void Sketch::count(const Job& job, const Spot& spot, int by) {
    open_[job.claim] -= static_cast<std::uint32_t>(by);
    auto& tally = tallies_[job.claim];
    tally.plays += by * static_cast<int>(std::max<std::size_t>(1, job.run.size()));
    for (const auto i : job.run) tally.items[i] += by;
    if (!job.run.empty()) return;
    tally.items[static_cast<std::size_t>(spot.item)] += by;
    if (job.missed) return;
    const auto add = [](std::uint16_t& plays, int more) { plays = static_cast<std::uint16_t>(plays + more); };
    add(hours_[hour_of(job, spot.start)], by);
    add(owed_[hour_of(job, job.due)], -by);
}

void Sketch::put(int index, Tick start, int item) {
    const auto& j = job(index);
    const auto& items = ground_->day->claims[j.claim].items;
    const auto& spot = spots_[static_cast<std::size_t>(index)] = {start, item};
    taken_.take(start, start + length_of(index, item), index);
    count(j, spot, 1);
    const auto add = [&](const Item& one) {
        rules_.add(j.claim, one, start, start + one.length);
        start += one.length;
    };
    if (j.run.empty()) return add(items[static_cast<std::size_t>(item)]);
    for (const auto i : j.run) add(items[i]);
}

void Sketch::take_up(int index) {
    const auto& j = job(index);
    const auto& items = ground_->day->claims[j.claim].items;
    auto& spot = spots_[static_cast<std::size_t>(index)];
    taken_.give_up(spot.start);
    count(j, spot, -1);
    auto start = spot.start;
    const auto remove = [&](const Item& one) {
        rules_.remove(j.claim, one, start);
        start += one.length;
    };
    if (j.run.empty()) remove(items[static_cast<std::size_t>(spot.item)]);
    for (const auto i : j.run) remove(items[i]);
    spot.start = never;
}

std::int64_t Sketch::holder(Tick at) const {
    const auto by = taken_.holder(at);
    return by < 0 ? -1 : static_cast<std::int64_t>(job(by).claim);
}

bool Sketch::hours_stand(const Job& job, Tick start) const {
    const auto& hours = rotation(job).hours;
    if (job.missed || hours.empty()) return true;
    const auto own = static_cast<std::size_t>(job.due / hour_ticks),
               hour = static_cast<std::size_t>(start / hour_ticks);
    return plays_in_hour(job.claim, hour) + 1 <= hours[hour].most &&
           (hour == own || plays_in_hour(job.claim, own) >= hours[own].least);
}

bool Sketch::hours_hold(std::uint32_t claim, Short of) const {
    const auto& hours = (*ground_->rotations)[claim].hours;
    for (std::size_t h = 0; h < hours.size(); ++h) {
        const auto plays = plays_in_hour(claim, h);
        if (plays > hours[h].most) return false;
        // Of what was planned before `begin` there are no jobs.
        const bool before = static_cast<Tick>(h) * hour_ticks < ground_->begin;
        if (before || (of == Short::any && open_[claim] > 0)) continue;
        if (plays + owed_[claim * hours_of_day_ + h] < hours[h].least) return false;
    }
    return true;
}

bool Sketch::all_hours_hold() const {
    for (std::uint32_t claim = 0; claim < ground_->day->claims.size(); ++claim)
        if (!hours_hold(claim, Short::own)) return false;
    return true;
}

}  // namespace riverlight::scheduler
