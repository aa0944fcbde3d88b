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

class Search {
  public:
    Search(Sketch& sketch, bool anywhere, const std::vector<int>& jobs, int& budget)
        : sketch_(sketch), anywhere_(anywhere), left_(budget) {
        for (const auto job : jobs) claims_.push_back(sketch.job(job).claim);
        std::sort(claims_.begin(), claims_.end());
        claims_.erase(std::unique(claims_.begin(), claims_.end()), claims_.end());
    }

    bool run(std::vector<int>& open) {
        if (open.empty()) return hours_hold();
        if (open.size() > 1 && !each_fits(open)) return false;
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
            const bool wide = anywhere_ && j.run.empty();
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
        if (!anywhere_ || !j.run.empty() || j.missed || hours.empty())
            return run_within(job, j.earliest, j.deadline, open);
        for (std::size_t hour = 0; hour < hours.size(); ++hour) {
            if (sketch_.plays_in_hour(j.claim, hour) + 1 > hours[hour].most) continue;
            const auto from = static_cast<Tick>(hour) * hour_ticks;
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
    bool anywhere_;
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

/// Whether the time between walls could hold the jobs if each might be cut into pieces: for each stretch of
/// the day, those that must lie within it are no longer than what is free there. Spares the search what is
/// hopeless.
class Room {
  public:
    explicit Room(const Sketch& sketch) : sketch_(sketch) {
        for (const auto& job : sketch.ground().jobs) bounds_.push_back(bounds_of(job));
    }

    bool suffices(const std::vector<int>& open) const {
        return std::all_of(open.begin(), open.end(), [&](int first) {
            return std::all_of(open.begin(), open.end(), [&](int last) {
                return within(open, of(first).from, of(last).until) <= free(of(first).from, of(last).until);
            });
        });
    }

  private:
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

    Tick within(const std::vector<int>& open, Tick from, Tick until) const {
        Tick sum = 0;
        for (const auto job : open)
            if (of(job).from >= from && of(job).until <= until) sum += of(job).length;
        return sum;
    }

    Tick free(Tick from, Tick until) const {
        auto sum = until - from;
        for (const auto& wall : sketch_.ground().walls)
            sum -= std::max<Tick>(0, std::min(wall.until, until) - std::max(wall.from, from));
        return std::max<Tick>(0, sum);
    }

    const Sketch& sketch_;
    std::vector<Bounds> bounds_;
};

}  // namespace

bool search_orders(Sketch& sketch, std::vector<int> open, int& budget) {
    std::sort(open.begin(), open.end(), [&](int a, int b) {
        return std::pair(sketch.job(a).deadline, a) < std::pair(sketch.job(b).deadline, b);
    });
    return Search(sketch, false, open, budget).run(open);
}

bool search_all(Sketch& sketch) {
    int budget = budget_for_all;
    const Room room(sketch);
    for (const auto& drop : drops(sketch)) {
        if (budget <= 0) return false;
        std::vector<int> open, without;
        for (int job = 0; job < static_cast<int>(sketch.ground().jobs.size()); ++job)
            ((drop.bits >> job & 1U) != 0 ? without : open).push_back(job);
        if (!room.suffices(open) || !Search(sketch, true, open, budget).run(open)) continue;
        sketch.lost.clear();
        for (const auto job : without) sketch.lost.push_back({job, Obstacle::no_time, -1});
        return true;
    }
    return false;
}

}  // namespace riverlight::scheduler
