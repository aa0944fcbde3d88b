#include "scheduler/plan/walk.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <set>
#include <tuple>

namespace riverlight::scheduler {
namespace {

/// For each job the latest start that leaves the jobs behind it their time, and of those not yet released
/// from an index on, the least: who starts something longer than that makes one of them late. Only jobs of
/// more than `above` count.
std::vector<Tick> pressing(const Sketch& sketch, const std::vector<int>& by_deadline, int above,
                           std::vector<Tick>& latest) {
    const auto& jobs = sketch.ground().jobs;
    const auto& walls = sketch.ground().walls;
    auto wall = walls.rbegin();
    latest.assign(jobs.size(), never);
    Tick next = sketch.ground().day->length, next_release = next;
    for (auto at = by_deadline.rbegin(); at != by_deadline.rend(); ++at) {
        const auto& job = sketch.job(*at);
        if (sketch.priority(*at) <= above) continue;
        const auto length = sketch.longest(job);
        auto last = std::min(job.deadline + length, std::max(next, next_release));
        for (; wall != walls.rend() && wall->from >= last; ++wall) {
        }
        for (auto w = wall; w != walls.rend() && w->until > last - length; ++w)
            if (w->from < last) last = std::min(last, w->from);
        latest[static_cast<std::size_t>(*at)] = last - length;
        next = last - length;
        next_release = job.release;
    }
    std::vector<Tick> least(jobs.size() + 1, never);
    for (auto i = jobs.size(); i-- > 0;) {
        // One that cannot be on time whatever happens holds nobody up.
        const bool can = latest[i] != never && latest[i] >= jobs[i].release;
        least[i] = std::min(least[i + 1], can ? latest[i] : never);
    }
    return least;
}

class Walk {
  public:
    Walk(Sketch& sketch, bool by_priority) : sketch_(sketch), by_priority_(by_priority) {
        std::vector<int> by_deadline(sketch.ground().jobs.size());
        std::iota(by_deadline.begin(), by_deadline.end(), 0);
        std::sort(by_deadline.begin(), by_deadline.end(), [&](int a, int b) {
            return std::pair(sketch.job(a).deadline, a) < std::pair(sketch.job(b).deadline, b);
        });
        if (!by_priority) {
            std::vector<Tick> latest;
            least_ = pressing(sketch, by_deadline, -1, latest);
            return;
        }
        for (const auto& job : sketch.ground().jobs) classes_.push_back(priority_of(sketch.ground(), job));
        std::sort(classes_.begin(), classes_.end());
        classes_.erase(std::unique(classes_.begin(), classes_.end()), classes_.end());
        for (const auto p : classes_) {
            std::vector<Tick> latest;
            class_least_.push_back(pressing(sketch, by_deadline, p, latest));
            class_latest_.push_back(std::move(latest));
        }
    }

    void run() {
        const auto& ground = sketch_.ground();
        Tick now = ground.begin;
        for (std::size_t wall = 0;;) {
            for (; wall < ground.walls.size() && ground.walls[wall].from <= now; ++wall)
                now = std::max(now, ground.walls[wall].until);
            if (now >= ground.day->length) break;
            const auto free_until = wall < ground.walls.size() ? ground.walls[wall].from : ground.day->length;
            release(now);
            if (const auto length = start_one(now, free_until); length > 0) {
                now += length;
                continue;
            }
            auto next = free_until;
            if (next_ < ground.jobs.size()) next = std::min(next, ground.jobs[next_].release);
            if (!waiting_.empty()) next = std::min(next, waiting_.top().first);
            now = std::max(now + 1, next);
        }
        for (; next_ < ground.jobs.size(); ++next_) lose(static_cast<int>(next_), {});
        for (const auto& r : ready_) lose(std::get<3>(r), {});
        for (; !waiting_.empty(); waiting_.pop()) lose(waiting_.top().second, {});
    }

  private:
    using Ready = std::tuple<Tick, int, std::uint32_t, int>;  // deadline, −priority, claim, job

    void make_ready(int job) {
        const auto& j = sketch_.job(job);
        ready_.emplace(j.deadline, -sketch_.priority(job), j.claim, job);
    }
    /// A play whose ideal time is less than a picture's away comes now, if its pace allows: the gap could
    /// show nothing.
    void release(Tick now) {
        const auto& jobs = sketch_.ground().jobs;
        for (; next_ < jobs.size() && jobs[next_].release < now + least_shown; ++next_) {
            if (jobs[next_].release > now && jobs[next_].earliest > now) break;
            make_ready(static_cast<int>(next_));
        }
        for (; !waiting_.empty() && waiting_.top().first <= now; waiting_.pop())
            make_ready(waiting_.top().second);
    }
    void lose(int job, const Sketch::Attempt& last) { sketch_.lost.push_back({job, last.why, last.by}); }

    /// The length of what was started; 0: nothing can.
    Tick start_one(Tick now, Tick free_until) {
        std::vector<int> aside;
        Tick started = 0;
        while (!ready_.empty() && started == 0) {
            const auto job = std::get<3>(*ready_.begin());
            ready_.erase(ready_.begin());
            const auto& j = sketch_.job(job);
            if (j.deadline < now) {
                lose(job, {});
                continue;
            }
            const auto tried = sketch_.attempt(j, now, free_until);
            if (tried.item < 0) {
                if (tried.again > j.deadline) {
                    lose(job, tried);
                } else {
                    waiting_.emplace(tried.again, job);
                }
                continue;
            }
            const auto length = sketch_.length_of(job, tried.item);
            if (holds_up(job, now + length, aside)) {
                aside.push_back(job);
                continue;
            }
            sketch_.put(job, now, tried.item);
            started = length;
        }
        for (const auto job : aside) make_ready(job);
        return started;
    }

    /// Whether who ends at `end` makes another late that comes first: anybody, or by priority only the
    /// higher.
    bool holds_up(int job, Tick end, const std::vector<int>& aside) const {
        if (!by_priority_) return end > least_[next_];
        const auto p = sketch_.priority(job);
        const auto c = static_cast<std::size_t>(std::lower_bound(classes_.begin(), classes_.end(), p) -
                                                classes_.begin());
        if (end > class_least_[c][next_]) return true;
        const auto is_higher = [&](int other) { return sketch_.priority(other) > p; };
        if (std::any_of(aside.begin(), aside.end(), is_higher)) return false;
        return std::any_of(ready_.begin(), ready_.end(), [&](const Ready& r) {
            const auto other = std::get<3>(r);
            const auto latest = class_latest_[c][static_cast<std::size_t>(other)];
            return is_higher(other) && end > std::max(latest, sketch_.job(other).release);
        });
    }

    Sketch& sketch_;
    bool by_priority_;
    std::vector<Tick> least_;
    std::vector<int> classes_;
    std::vector<std::vector<Tick>> class_least_, class_latest_;
    std::size_t next_ = 0;
    std::set<Ready> ready_;
    std::priority_queue<std::pair<Tick, int>, std::vector<std::pair<Tick, int>>, std::greater<>> waiting_;
};

}  // namespace

void walk(Sketch& sketch, bool by_priority) {
    Walk(sketch, by_priority).run();
}

}  // namespace riverlight::scheduler
