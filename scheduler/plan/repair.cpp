#include "scheduler/plan/repair.hpp"

#include <algorithm>

#include "scheduler/plan/search.hpp"

namespace riverlight::scheduler {
namespace {

/// How much may be tried around all losses and around one, in placements.
constexpr int search_budget = 40'000, search_for_one = 200, push_budget = 20'000;
constexpr std::size_t most_moved = 6, most_pushed = 48;

class Repair {
  public:
    explicit Repair(Sketch& sketch) : sketch_(sketch) {}

    void run() {
        auto lost = std::move(sketch_.lost);
        sketch_.lost.clear();
        std::stable_sort(lost.begin(), lost.end(), [&](const Lost& a, const Lost& b) {
            return sketch_.priority(a.job) > sketch_.priority(b.job);
        });
        for (const auto& one : lost)
            if (!place(one.job)) sketch_.lost.push_back(one);
    }

  private:
    bool place(int job) {
        const auto& j = sketch_.job(job);
        Sketch::Attempt refusal;
        auto spot = sketch_.fit(j, j.earliest, j.deadline, refusal);
        if (!spot || !sketch_.hours_stand(j, spot->start)) spot = in_an_hour(j);
        if (!spot) return push_around(job) || search_around(job);
        sketch_.put(job, spot->start, spot->item);
        return true;
    }

    /// Anywhere in its own hour, or in another that stands one more play while its own stands one less; the
    /// nearest first.
    std::optional<Sketch::Spot> in_an_hour(const Job& j) {
        const auto count = static_cast<Tick>(sketch_.rotation(j).hours.size());
        if (j.missed || count == 0) return {};
        const auto own = j.due / hour_ticks;
        for (Tick away = 0; away < count; ++away) {
            for (const auto hour : {own + away, own - away}) {
                if (hour < 0 || hour >= count || !sketch_.hours_stand(j, hour * hour_ticks)) continue;
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

    /// Takes up what lies around the job's time and puts it down again in its order, the job between.
    bool push_around(int job) {
        const auto near = around(sketch_.job(job), most_pushed);
        const auto before = take_up(near);
        // From the end: what is put down again closes up, and mostly leaves its room there.
        for (auto at = near.size() + 1; at-- > 0 && pushes_ > 0;) {
            auto order = near;
            order.insert(order.begin() + static_cast<std::ptrdiff_t>(at), job);
            if (put_in_order(order)) return true;
        }
        put_back(before);
        return false;
    }

    /// Looks for any order in which the job and the few nearest to it fit.
    bool search_around(int job) {
        if (left_ <= 0) return false;
        auto all = around(sketch_.job(job), most_moved);
        const auto before = take_up(all);
        all.push_back(job);
        auto allowance = std::min(left_, search_for_one);
        left_ -= allowance;
        const bool found = search_orders(sketch_, std::move(all), allowance);
        left_ += allowance;
        if (!found) put_back(before);
        return found;
    }

    using Spots = std::vector<std::pair<int, Sketch::Spot>>;
    Spots take_up(const std::vector<int>& jobs) {
        Spots spots;
        for (const auto job : jobs) {
            spots.emplace_back(job, sketch_.spot(job));
            sketch_.take_up(job);
        }
        return spots;
    }
    void put_back(const Spots& spots) {
        for (const auto& [job, spot] : spots) sketch_.put(job, spot.start, spot.item);
    }

    /// Each at the first time behind the one before; all, or none.
    bool put_in_order(const std::vector<int>& order) {
        Tick from = 0;
        std::size_t put = 0;
        for (; put < order.size(); ++put) {
            const auto& j = sketch_.job(order[put]);
            --pushes_;
            Sketch::Attempt refusal;
            const auto spot = sketch_.fit(j, std::max(from, j.earliest), j.deadline, refusal);
            if (!spot) break;
            sketch_.put(order[put], spot->start, spot->item);
            from = spot->start;
        }
        const auto holds = [&](int job) { return sketch_.hours_hold(sketch_.job(job).claim); };
        if (put == order.size() && std::all_of(order.begin(), order.end(), holds)) return true;
        for (std::size_t i = 0; i < put; ++i) sketch_.take_up(order[i]);
        return false;
    }

    Sketch& sketch_;
    int left_ = search_budget, pushes_ = push_budget;
};

}  // namespace

void repair(Sketch& sketch) {
    Repair(sketch).run();
}

}  // namespace riverlight::scheduler
