#include "scheduler/plan/search.hpp"

#include <algorithm>
#include <functional>

namespace riverlight::scheduler {
namespace {

constexpr int budget_for_all = 40'000;

/// Two plays of one rotation, of which neither or both are made good.
bool alike(const Job& a, const Job& b) {
    return a.claim == b.claim && a.run.empty() && b.run.empty() && a.missed == b.missed;
}

/// Whether what is free could hold jobs at all, their distances apart: spares the search what is hopeless.
class Room {
  public:
    explicit Room(const Sketch& sketch) : sketch_(sketch) {
        for (const auto& job : sketch.ground().jobs) bounds_.push_back(bounds_of(job));
    }

    /// All of them, over the time in which they may lie.
    bool holds(const std::vector<int>& open) const {
        Bounds all{never, 0, 0};
        for (const auto job : open)
            all = {std::min(all.from, of(job).from), std::max(all.until, of(job).until), 0};
        return holds(open, all.from, all.until);
    }

    /// For each stretch of the day, those that must lie within it.
    bool holds_everywhere(const std::vector<int>& open) const {
        return std::all_of(open.begin(), open.end(), [&](int first) {
            return std::all_of(open.begin(), open.end(), [&](int last) {
                const auto from = of(first).from, until = of(last).until;
                std::vector<int> within;
                for (const auto job : open)
                    if (of(job).from >= from && of(job).until <= until) within.push_back(job);
                return holds(within, from, until);
            });
        });
    }

    /// Whether a job's windows leave it a start in [from, until).
    bool may_start(int job, Tick from, Tick until) const {
        const auto& items = sketch_.ground().day->claims[sketch_.job(job).claim].items;
        return std::any_of(items.begin(), items.end(), [&](const Item& item) {
            return first_fit(item.allowed, from, item.length) < until;
        });
    }

  private:
    /// Where a job must lie, and the least time it takes.
    struct Bounds {
        Tick from = 0, until = 0, length = 0;
    };
    const Bounds& of(int job) const { return bounds_[static_cast<std::size_t>(job)]; }

    Bounds bounds_of(const Job& job) const {
        const auto& ground = sketch_.ground();
        if (!job.run.empty()) {
            const auto length = sketch_.longest(job);
            return {job.earliest, job.deadline + length, length};
        }
        Bounds out{never, 0, never};
        for (const auto& item : ground.day->claims[job.claim].items) {
            out.length = std::min(out.length, item.length);
            for (const auto& s : item.allowed) {
                out.from = std::min(out.from, s.from);
                out.until = std::max(out.until, s.until);
            }
        }
        out.from = std::max(out.from, ground.begin);
        return out;
    }

    bool holds(const std::vector<int>& jobs, Tick from, Tick until) const {
        Tick needed = 0, least = never;
        for (const auto job : jobs) {
            needed += of(job).length;
            least = std::min(least, of(job).length);
        }
        for (auto at = from; needed > 0 && at < until;) {
            const auto free = sketch_.free_from(at, std::max<Tick>(1, least));
            if (!free || free->from >= until) break;
            needed -= most_within(jobs, {free->from, std::min(free->until, until)});
            at = free->until;
        }
        return needed <= 0;
    }

    /// The most time that any of the jobs can take up between two that stand.
    Tick most_within(const std::vector<int>& jobs, const Stretch& gap) const {
        const auto room = gap.until - gap.from;
        std::vector<Tick> sums{0};
        for (const auto job : jobs) {
            const auto& b = of(job);
            if (std::max(b.from, gap.from) + b.length > std::min(b.until, gap.until)) continue;
            for (auto i = sums.size(); i-- > 0;)
                if (sums[i] + b.length <= room) sums.push_back(sums[i] + b.length);
            std::sort(sums.begin(), sums.end());
            sums.erase(std::unique(sums.begin(), sums.end()), sums.end());
        }
        return sums.back();
    }

    const Sketch& sketch_;
    std::vector<Bounds> bounds_;
};

class Search {
  public:
    /// `room`: of a search anywhere in the windows of each; null: in their own turns.
    Search(Sketch& sketch, const Room* room, const std::vector<int>& jobs, int& budget)
        : sketch_(sketch), room_(room), left_(budget) {
        for (const auto job : jobs) claims_.push_back(sketch.job(job).claim);
        std::sort(claims_.begin(), claims_.end());
        claims_.erase(std::unique(claims_.begin(), claims_.end()), claims_.end());
    }

    bool run(std::vector<int>& open) {
        if (open.empty()) return hours_hold();
        if (open.size() > 1 && ((room_ && !room_->holds(open)) || !each_fits(open))) return false;
        for (std::size_t i = 0; i < open.size(); ++i) {
            const auto job = open[i];
            if (waits_for_another(job, open)) continue;
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
            if (run_with(job, open)) return true;
            open.insert(open.begin() + static_cast<std::ptrdiff_t>(i), job);
            if (left_ <= 0) return false;
        }
        return false;
    }

  private:
    bool hours_hold() const {
        return std::all_of(claims_.begin(), claims_.end(),
                           [&](std::uint32_t claim) { return sketch_.hours_hold(claim); });
    }

    /// Plays of one rotation are alike: they are tried in their order only.
    bool waits_for_another(int job, const std::vector<int>& open) const {
        const auto& j = sketch_.job(job);
        return std::any_of(open.begin(), open.end(), [&](int other) {
            return other != job && alike(sketch_.job(other), j) && sketch_.job(other).turn < j.turn;
        });
    }

    /// Whether each by itself still finds a place: else no order helps.
    bool each_fits(const std::vector<int>& open) const {
        return std::all_of(open.begin(), open.end(), [&](int job) {
            const auto& j = sketch_.job(job);
            const bool wide = room_ && j.run.empty();
            Sketch::Attempt refusal;
            return sketch_
                .fit(j, wide ? sketch_.ground().begin : j.earliest,
                     wide ? sketch_.ground().day->length : j.deadline, refusal)
                .has_value();
        });
    }

    bool run_with(int job, std::vector<int>& open) {
        const auto& j = sketch_.job(job);
        const auto& hours = sketch_.rotation(j).hours;
        if (!room_ || !j.run.empty() || j.missed || hours.empty())
            return run_within(job, j.earliest, j.deadline, open);
        for (std::size_t hour = 0; hour < hours.size(); ++hour) {
            const auto from = static_cast<Tick>(hour) * hour_ticks;
            if (sketch_.plays_in_hour(j.claim, hour) + 1 > hours[hour].most ||
                !room_->may_start(job, from, from + hour_ticks))
                continue;
            if (run_within(job, from, from + hour_ticks - 1, open)) return true;
            if (left_ <= 0) return false;
        }
        return false;
    }

    bool run_within(int job, Tick from, Tick last, std::vector<int>& open) {
        const auto& j = sketch_.job(job);
        const auto items = sketch_.ground().day->claims[j.claim].items.size();
        const int choices = j.run.empty() && items <= 4 ? static_cast<int>(items) : 0;
        for (int choice = choices > 0 ? 0 : -1; choice < choices; ++choice) {
            if (--left_ <= 0) return false;
            Sketch::Attempt refusal;
            const auto spot = sketch_.fit(j, from, last, refusal, choice);
            if (!spot) continue;
            sketch_.put(job, spot->start, spot->item);
            if (run(open)) return true;
            sketch_.take_up(job);
        }
        return false;
    }

    Sketch& sketch_;
    std::vector<std::uint32_t> claims_;  ///< of all jobs
    const Room* room_;
    int& left_;
};

/// Which jobs to go without.
struct Drop {
    unsigned bits = 0;            ///< of each job
    std::vector<int> priorities;  ///< of those left out, the highest first
};

/// Of jobs that are alike the last in turn are left out, as any others would come to the same.
bool leaves_out_the_last(const Sketch& sketch, unsigned bits) {
    const auto& jobs = sketch.ground().jobs;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if ((bits >> i & 1U) == 0) continue;
        for (std::size_t other = 0; other < jobs.size(); ++other) {
            if (alike(jobs[i], jobs[other]) && jobs[other].turn > jobs[i].turn && (bits >> other & 1U) == 0)
                return false;
        }
    }
    return true;
}

/// None, then any one, and so on; the least first.
std::vector<Drop> drops(const Sketch& sketch) {
    const auto count = sketch.ground().jobs.size();
    std::vector<Drop> order;
    for (unsigned bits = 0; bits < 1U << count; ++bits) {
        if (!leaves_out_the_last(sketch, bits)) continue;
        Drop drop{bits, {}};
        for (std::size_t i = 0; i < count; ++i)
            if ((bits >> i & 1U) != 0) drop.priorities.push_back(sketch.priority(static_cast<int>(i)));
        std::sort(drop.priorities.begin(), drop.priorities.end(), std::greater<>());
        order.push_back(std::move(drop));
    }
    std::stable_sort(order.begin(), order.end(), [](const Drop& a, const Drop& b) {
        if (a.priorities.size() != b.priorities.size()) return a.priorities.size() < b.priorities.size();
        return a.priorities < b.priorities;
    });
    return order;
}

}  // namespace

bool search_orders(Sketch& sketch, std::vector<int> open, int& budget) {
    std::sort(open.begin(), open.end(), [&](int a, int b) {
        return std::pair(sketch.job(a).deadline, a) < std::pair(sketch.job(b).deadline, b);
    });
    return Search(sketch, nullptr, open, budget).run(open);
}

bool search_all(Sketch& sketch) {
    int budget = budget_for_all;
    const Room room(sketch);
    for (const auto& drop : drops(sketch)) {
        if (budget <= 0) return false;
        std::vector<int> open, without;
        for (int job = 0; job < static_cast<int>(sketch.ground().jobs.size()); ++job)
            ((drop.bits >> job & 1U) != 0 ? without : open).push_back(job);
        if (!room.holds_everywhere(open) || !Search(sketch, &room, open, budget).run(open)) continue;
        sketch.lost.clear();
        for (const auto job : without) sketch.lost.push_back({job, Obstacle::no_time, -1});
        return true;
    }
    return false;
}

}  // namespace riverlight::scheduler
