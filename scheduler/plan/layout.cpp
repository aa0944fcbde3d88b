#include "scheduler/plan/layout.hpp"

#include <algorithm>
#include <numeric>
#include <queue>
#include <set>
#include <tuple>

#include "scheduler/plan/sketch.hpp"

namespace riverlight::scheduler {
namespace {

/// How long the search around losses may go on, in placements tried; a count, so that it ends at the same
/// place on every machine.
constexpr int search_budget = 40'000, search_for_one = 200, push_budget = 20'000;
constexpr std::size_t most_moved = 6, most_pushed = 48, small_day = 10, wide_day = 200;

int priority_of(const Ground& ground, const Job& job) {
    return ground.day->claims[job.claim].priority;
}

/// For each job the latest start that leaves the jobs behind it their time, and of those not yet released
/// from an index on, the least: who starts something longer than that makes one of them late. Only jobs of
/// more than `above` count.
std::vector<Tick> pressing(const Sketch& sketch, int above, std::vector<Tick>& latest) {
    const auto& jobs = sketch.ground().jobs;
    std::vector<int> order(jobs.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](int a, int b) {
        return std::pair(sketch.job(a).deadline, a) < std::pair(sketch.job(b).deadline, b);
    });
    const auto& walls = sketch.ground().walls;
    auto wall = walls.rbegin();
    latest.assign(jobs.size(), never);
    Tick next = sketch.ground().day->length, next_release = next;
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        const auto& job = sketch.job(*at);
        if (priority_of(sketch.ground(), job) <= above) continue;
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

/// Walks from the day's begin to its end; at each free moment the released job with the nearest deadline
/// starts that leaves the others their time.
class Walk {
  public:
    Walk(Sketch& sketch, bool by_priority) : sketch_(sketch), by_priority_(by_priority) {
        least_ = pressing(sketch, -1, latest_);
        if (!by_priority) return;
        for (const auto& job : sketch.ground().jobs) classes_.push_back(priority_of(sketch.ground(), job));
        std::sort(classes_.begin(), classes_.end());
        classes_.erase(std::unique(classes_.begin(), classes_.end()), classes_.end());
        for (const auto p : classes_) {
            std::vector<Tick> latest;
            class_least_.push_back(pressing(sketch, p, latest));
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
        ready_.emplace(j.deadline, -priority_of(sketch_.ground(), j), j.claim, job);
    }
    void release(Tick now) {
        const auto& jobs = sketch_.ground().jobs;
        for (; next_ < jobs.size() && jobs[next_].release <= now; ++next_)
            make_ready(static_cast<int>(next_));
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
            if (holds_up(j, now + length, aside)) {
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
    bool holds_up(const Job& job, Tick end, const std::vector<int>& aside) const {
        if (!by_priority_) return end > least_[next_];
        const auto p = priority_of(sketch_.ground(), job);
        const auto c = static_cast<std::size_t>(std::lower_bound(classes_.begin(), classes_.end(), p) -
                                                classes_.begin());
        if (end > class_least_[c][next_]) return true;
        const auto is_higher = [&](int other) {
            return priority_of(sketch_.ground(), sketch_.job(other)) > p;
        };
        if (std::any_of(aside.begin(), aside.end(), is_higher)) return false;
        return std::any_of(ready_.begin(), ready_.end(), [&](const Ready& r) {
            const auto other = std::get<3>(r);
            const auto latest = class_latest_[c][static_cast<std::size_t>(other)];
            return is_higher(other) && end > std::max(latest, sketch_.job(other).release);
        });
    }

    Sketch& sketch_;
    bool by_priority_;
    std::vector<Tick> latest_, least_;
    std::vector<int> classes_;
    std::vector<std::vector<Tick>> class_least_, class_latest_;
    std::size_t next_ = 0;
    std::set<Ready> ready_;
    std::priority_queue<std::pair<Tick, int>, std::vector<std::pair<Tick, int>>, std::greater<>> waiting_;
};

/// Each job by priority, at the first time that is free for it.
void by_priority(Sketch& sketch) {
    const auto& ground = sketch.ground();
    std::vector<int> order(ground.jobs.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        const auto pa = priority_of(ground, sketch.job(a)), pb = priority_of(ground, sketch.job(b));
        if (pa != pb) return pa > pb;
        return sketch.job(a).run.empty() < sketch.job(b).run.empty();
    });
    for (const auto job : order) {
        const auto& j = sketch.job(job);
        Sketch::Attempt refusal;
        if (const auto spot = sketch.fit(j, j.release, j.deadline, refusal)) {
            sketch.put(job, spot->start, spot->item);
        } else {
            sketch.lost.push_back({job, refusal.why, refusal.by});
        }
    }
}

/// Finds lost jobs a time: in a gap, in another hour that has room, or by moving what is around.
class Repair {
  public:
    explicit Repair(Sketch& sketch) : sketch_(sketch) {}

    void run() {
        auto lost = std::move(sketch_.lost);
        sketch_.lost.clear();
        std::stable_sort(lost.begin(), lost.end(), [&](const Lost& a, const Lost& b) {
            return priority_of(sketch_.ground(), sketch_.job(a.job)) >
                   priority_of(sketch_.ground(), sketch_.job(b.job));
        });
        for (const auto& one : lost) {
            if (!place(one.job)) sketch_.lost.push_back(one);
        }
    }

    /// All jobs of a small day anew, in every order that may matter; if not all find a time, without the
    /// fewest, and of those without the least.
    bool search_all() {
        const auto count = sketch_.ground().jobs.size();
        anywhere_ = true;
        left_ = search_budget;
        for (const auto& drop : drops(count)) {
            std::vector<int> open;
            dropped_.clear();
            for (std::size_t i = 0; i < count; ++i)
                ((drop >> i & 1U) != 0 ? dropped_ : open).push_back(static_cast<int>(i));
            if (left_ <= 0) return false;
            if (!search(open)) continue;
            sketch_.lost.clear();
            for (const auto job : dropped_) sketch_.lost.push_back({job, Obstacle::no_time, -1});
            return true;
        }
        return false;
    }

  private:
    bool place(int job) {
        const auto& j = sketch_.job(job);
        Sketch::Attempt refusal;
        auto spot = sketch_.fit(j, j.earliest, j.deadline, refusal);
        if (!spot) spot = in_another_hour(j);
        if (spot) {
            sketch_.put(job, spot->start, spot->item);
            return true;
        }
        return make_room(job);
    }

    const Rotation& rotation(const Job& j) const { return sketch_.ground().rotations[j.claim]; }

    int plays_in_hour(std::uint32_t claim, Tick hour) const {
        const auto on = sketch_.on_in(hour * hour_ticks, (hour + 1) * hour_ticks);
        return static_cast<int>(std::count_if(on.begin(), on.end(), [&](int job) {
            return sketch_.job(job).claim == claim && sketch_.spot(job).start / hour_ticks == hour;
        }));
    }

    /// Another hour that stands one more play while its own stands one less, nearest first.
    std::optional<Sketch::Spot> in_another_hour(const Job& j) {
        const auto& r = rotation(j);
        if (j.missed || r.hours.empty()) return {};
        const auto hours = static_cast<Tick>(r.hours.size());
        const auto own = std::min(j.release / hour_ticks, hours - 1);
        if (plays_in_hour(j.claim, own) < r.hours[static_cast<std::size_t>(own)].least) return {};
        for (Tick away = 0; away < hours; ++away) {
            for (const auto hour : {own + away, own - away}) {
                if (hour < 0 || hour >= hours || (away == 0 && hour != own)) continue;
                const auto& bounds = r.hours[static_cast<std::size_t>(hour)];
                if (plays_in_hour(j.claim, hour) + 1 > bounds.most) continue;
                Sketch::Attempt refusal;
                if (auto spot = sketch_.fit(j, hour * hour_ticks, (hour + 1) * hour_ticks - 1, refusal))
                    return spot;
            }
        }
        return {};
    }

    /// The jobs nearest to a job's time, by start; at most `most`.
    std::vector<int> around(const Job& j, std::size_t most) const {
        const auto end = j.deadline + sketch_.longest(j);
        auto near = sketch_.on_in(std::min(j.earliest, end - hour_ticks), end);
        const auto away = [&](int x) {
            const auto d = sketch_.spot(x).start - j.release;
            return d < 0 ? -d : d;
        };
        std::stable_sort(near.begin(), near.end(), [&](int a, int b) { return away(a) < away(b); });
        if (near.size() > most) near.resize(most);
        std::sort(near.begin(), near.end(),
                  [&](int a, int b) { return sketch_.spot(a).start < sketch_.spot(b).start; });
        return near;
    }

    /// Takes up what lies around the job's time and puts it down again with the job between; then looks for
    /// any order in which all of it fits.
    bool make_room(int job) {
        const auto& j = sketch_.job(job);
        auto near = around(j, most_pushed);
        auto before = taken_up(near);
        // From the end: what is put down again closes up, and mostly leaves its room there.
        for (auto at = near.size() + 1; at-- > 0 && pushes_ > 0;) {
            auto order = near;
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(at), job);
            if (put_in_order(order)) return true;
        }
        put_back(before);
        if (left_ <= 0) return false;
        auto all = around(j, most_moved);
        before = taken_up(all);
        all.push_back(job);
        std::sort(all.begin(), all.end(), [&](int a, int b) {
            return std::pair(sketch_.job(a).deadline, a) < std::pair(sketch_.job(b).deadline, b);
        });
        anywhere_ = false;
        const auto allowance = std::min(left_, search_for_one);
        const auto rest = left_ - allowance;
        left_ = allowance;
        const bool found = search(all);
        left_ += rest;
        if (!found) put_back(before);
        return found;
    }

    using Spots = std::vector<std::pair<int, Sketch::Spot>>;
    Spots taken_up(const std::vector<int>& jobs) {
        Spots spots;
        for (const auto job : jobs) spots.emplace_back(job, sketch_.spot(job));
        for (const auto job : jobs) sketch_.take_up(job);
        return spots;
    }
    void put_back(const Spots& spots) {
        for (const auto& [job, spot] : spots) sketch_.put(job, spot.start, spot.item);
    }

    /// Each at the first time behind the one before; all, or none.
    bool put_in_order(const std::vector<int>& order) {
        Tick from = 0;
        for (std::size_t i = 0; i < order.size(); ++i) {
            const auto& j = sketch_.job(order[i]);
            --pushes_;
            Sketch::Attempt refusal;
            const auto spot = sketch_.fit(j, std::max(from, j.earliest), j.deadline, refusal);
            if (!spot) {
                for (std::size_t k = 0; k < i; ++k) sketch_.take_up(order[k]);
                return false;
            }
            sketch_.put(order[i], spot->start, spot->item);
            from = spot->start;
        }
        return true;
    }

    /// Puts all of `open` down, or nothing; every order of first fits, every item, within the budget.
    bool search(std::vector<int>& open) {
        if (open.empty()) return !anywhere_ || hours_hold();
        if (open.size() > 1 && !each_fits(open)) return false;
        for (std::size_t i = 0; i < open.size(); ++i) {
            const auto job = open[i];
            const auto& j = sketch_.job(job);
            // Plays of one rotation are alike: in their order only.
            if (std::any_of(open.begin(), open.end(), [&](int other) {
                    return other != job && sketch_.job(other).claim == j.claim && j.run.empty() &&
                           sketch_.job(other).turn < j.turn;
                }))
                continue;
            open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
            if (search_with(job, open)) return true;
            open.insert(open.begin() + static_cast<std::ptrdiff_t>(i), job);
            if (left_ <= 0) return false;
        }
        return false;
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

    bool search_with(int job, std::vector<int>& open) {
        const auto& j = sketch_.job(job);
        const auto items = sketch_.ground().day->claims[j.claim].items.size();
        const int choices = j.run.empty() && items <= 4 ? static_cast<int>(items) : 0;
        const auto& r = rotation(j);
        const bool by_hour = anywhere_ && j.run.empty() && !j.missed && !r.hours.empty();
        const auto hours = by_hour ? static_cast<Tick>(r.hours.size()) : 1;
        for (Tick hour = 0; hour < hours; ++hour) {
            if (by_hour && plays_in_hour(j.claim, hour) + 1 > r.hours[static_cast<std::size_t>(hour)].most)
                continue;
            const auto from = by_hour ? hour * hour_ticks : j.earliest;
            const auto last = by_hour ? (hour + 1) * hour_ticks - 1 : j.deadline;
            for (int choice = choices > 0 ? 0 : -1; choice < choices; ++choice) {
                if (--left_ <= 0) return false;
                Sketch::Attempt refusal;
                const auto spot = sketch_.fit(j, from, last, refusal, choice);
                if (!spot) continue;
                sketch_.put(job, spot->start, spot->item);
                if (search(open)) return true;
                sketch_.take_up(job);
            }
        }
        return false;
    }

    bool hours_hold() const {
        const auto& ground = sketch_.ground();
        for (std::uint32_t claim = 0; claim < ground.rotations.size(); ++claim) {
            const auto& hours = ground.rotations[claim].hours;
            if (std::any_of(dropped_.begin(), dropped_.end(),
                            [&](int job) { return sketch_.job(job).claim == claim; }))
                continue;
            for (std::size_t h = 0; h < hours.size(); ++h) {
                if (hours[h].least > 0 && plays_in_hour(claim, static_cast<Tick>(h)) < hours[h].least)
                    return false;
            }
        }
        return true;
    }

    /// Which jobs to go without, as bits: none, then any one, and so on; the least first.
    std::vector<unsigned> drops(std::size_t count) const {
        std::vector<std::pair<std::vector<int>, unsigned>> order;
        for (unsigned bits = 0; bits < 1U << count; ++bits) {
            std::vector<int> priorities;
            for (std::size_t i = 0; i < count; ++i) {
                if ((bits >> i & 1U) != 0)
                    priorities.push_back(priority_of(sketch_.ground(), sketch_.job(static_cast<int>(i))));
            }
            std::sort(priorities.begin(), priorities.end(), std::greater<>());
            order.emplace_back(std::move(priorities), bits);
        }
        std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
            if (a.first.size() != b.first.size()) return a.first.size() < b.first.size();
            return a.first < b.first;
        });
        std::vector<unsigned> out;
        for (const auto& [unused, bits] : order) out.push_back(bits);
        return out;
    }

    Sketch& sketch_;
    std::vector<int> dropped_;
    bool anywhere_ = false;
    int left_ = search_budget, pushes_ = push_budget;
};

/// Each job by priority at the first time that is free for it anywhere in its windows, its hours' counts
/// kept; of one priority the first released, the first due or the shortest first. False: an hour is off its
/// pace.
class WideGreedy {
  public:
    explicit WideGreedy(Sketch& sketch) : sketch_(sketch) {}

    bool run(int rule) {
        const auto& ground = sketch_.ground();
        std::vector<int> order(ground.jobs.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(),
                         [&](int a, int b) { return key(a, rule) < key(b, rule); });
        for (const auto job : order) place(job);
        return hours_hold();
    }

  private:
    std::pair<int, Tick> key(int index, int rule) const {
        const auto& j = sketch_.job(index);
        const auto second = rule == 0 ? j.release : rule == 1 ? j.deadline : sketch_.longest(j);
        return {-priority_of(sketch_.ground(), j), second};
    }
    int plays(std::uint32_t claim, std::size_t hour) const {
        const auto found = plays_.find({claim, hour});
        return found == plays_.end() ? 0 : found->second;
    }

    void place(int index) {
        const auto& j = sketch_.job(index);
        const auto& hours = sketch_.ground().rotations[j.claim].hours;
        Sketch::Attempt refusal;
        if (j.missed || hours.empty()) {
            if (const auto spot = sketch_.fit(j, j.earliest, j.deadline, refusal))
                return sketch_.put(index, spot->start, spot->item);
            return sketch_.lost.push_back({index, refusal.why, refusal.by});
        }
        for (std::size_t hour = 0; hour < hours.size(); ++hour) {
            if (plays(j.claim, hour) + 1 > hours[hour].most) continue;
            const auto from = static_cast<Tick>(hour) * hour_ticks;
            const auto spot = sketch_.fit(j, from, from + hour_ticks - 1, refusal);
            if (!spot) continue;
            ++plays_[{j.claim, hour}];
            return sketch_.put(index, spot->start, spot->item);
        }
        sketch_.lost.push_back({index, refusal.why, refusal.by});
    }

    bool hours_hold() const {
        const auto& rotations = sketch_.ground().rotations;
        for (std::uint32_t claim = 0; claim < rotations.size(); ++claim) {
            const bool lost = std::any_of(sketch_.lost.begin(), sketch_.lost.end(), [&](const Lost& one) {
                return sketch_.job(one.job).claim == claim;
            });
            for (std::size_t h = 0; !lost && h < rotations[claim].hours.size(); ++h) {
                if (plays(claim, h) < rotations[claim].hours[h].least) return false;
            }
        }
        return true;
    }

    Sketch& sketch_;
    std::map<std::pair<std::uint32_t, std::size_t>, int> plays_;
};

/// Losses from the highest priority down, and how many in all.
std::vector<int> losses_by_priority(const Sketch& sketch) {
    std::vector<int> priorities;
    for (const auto& lost : sketch.lost)
        priorities.push_back(-priority_of(sketch.ground(), sketch.job(lost.job)));
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
        // Where it stands outside its own turn, it may not leave that hour either.
        if (spot.start > latest || spot.start < j.earliest)
            latest = (spot.start / hour_ticks + 1) * hour_ticks - 1;
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

/// What is tried where going by deadline has lost a play.
Layout second_thoughts(const Ground& ground, Sketch first) {
    std::vector<Sketch> greedies, others;
    by_priority(greedies.emplace_back(ground));
    Repair(greedies.back()).run();
    if (greedies.back().lost.empty()) return finished(greedies.back());
    if (ground.jobs.size() <= small_day) {
        Sketch all(ground);
        if (Repair(all).search_all() && all.lost.size() <= greedies.back().lost.size()) return finished(all);
    }
    for (int rule = 0; rule < 3 && ground.jobs.size() <= wide_day; ++rule) {
        Sketch wide(ground);
        if (WideGreedy(wide).run(rule)) greedies.push_back(std::move(wide));
    }
    others.push_back(std::move(first));
    Walk(others.emplace_back(ground), true).run();
    Repair(others.back()).run();
    return finished(best_of(greedies, others));
}

}  // namespace

void ease(Ground& ground) {
    std::vector<Job*> order;
    for (auto& job : ground.jobs) order.push_back(&job);
    std::sort(order.begin(), order.end(), [](const Job* a, const Job* b) {
        return std::tuple(a->deadline, a->release, a->claim, a->number) >
               std::tuple(b->deadline, b->release, b->claim, b->number);
    });
    auto wall = ground.walls.rbegin();
    Tick next = ground.day->length;
    for (auto* job : order) {
        const auto length = longest_of(ground, *job);
        auto end = std::min(job->deadline + length, next);
        for (; wall != ground.walls.rend() && wall->from >= end; ++wall) {
        }
        for (auto w = wall; w != ground.walls.rend() && w->until > end - length; ++w)
            if (w->from < end) end = w->from;
        const auto latest = std::max(end - length, job->earliest);
        job->release = std::min(job->release, latest);
        next = latest;
    }
    std::stable_sort(ground.jobs.begin(), ground.jobs.end(),
                     [](const Job& a, const Job& b) { return a.release < b.release; });
}

Layout lay_out(const Ground& ground) {
    Sketch first(ground);
    Walk(first, false).run();
    if (!first.lost.empty()) Repair(first).run();
    return first.lost.empty() ? finished(first) : second_thoughts(ground, std::move(first));
}

}  // namespace riverlight::scheduler
