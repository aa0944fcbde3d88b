#include <algorithm>

#include "scheduler/plan/groundwork.hpp"

/// Fixed bookings: hard ones on their tick, soft ones and those made good later as jobs that wait.
namespace riverlight::scheduler {
namespace {

using Run = std::vector<std::uint16_t>;

class Fixed {
  public:
    Fixed(GroundLayer& layer, std::uint32_t c)
        : layer_(layer),
          c_(c),
          booking_(*layer.claim(c).booking),
          items_(layer.claim(c).items),
          start_(layer.start_of(c)),
          limit_(start_ + std::chrono::milliseconds(booking_.late_limit).count()) {}

    void lay() {
        const auto run = layer_.left_of(c_);
        if (run.empty()) return;
        if (!booking_.hard) return lay_soft(run);
        if (start_ < layer_.begin()) return lay_late(run);
        const auto no = layer_.objection(c_, run, start_);
        if (!no) return put(run, 0, start_);
        if (booking_.late == LateRule::make_good && no->rivalry)
            return add_job(run, start_, layer_.day().length, false);
        layer_.fall(c_, no->item, number_of(run), start_, start_, no->why, no->by);
    }

  private:
    int number_of(const Run& run) const { return items_[run.front()].position; }

    /// From `at` on, the first of `run` from `into` on.
    void put(const Run& run, Tick into, Tick at) {
        layer_.reserve({at, at + layer_.length_of(c_, run) - into}, c_);
        for (const auto i : run) {
            const auto skip = i == run.front() ? into : 0;
            layer_.put(c_, i, at, items_[i].length - skip, skip);
            at += items_[i].length - skip;
        }
    }

    /// A hard start whose time has passed.
    void lay_late(const Run& run) {
        if (booking_.late == LateRule::make_good)
            return add_job(run, layer_.begin(), layer_.day().length, true);
        if (booking_.late == LateRule::join && layer_.begin() <= limit_ && join(run)) return;
        layer_.fall(c_, -1, number_of(run), start_, start_, Obstacle::missed);
    }

    /// Goes on where the run would be by now. False: it is over, or cannot.
    bool join(const Run& run) {
        // Positions count from the run's first segment, whatever of it is done.
        const auto begin = layer_.begin();
        Tick at = start_, into = 0;
        Run left;
        for (std::uint16_t i = 0; i < items_.size(); ++i) {
            const auto end = at + items_[i].length;
            if (end > begin && std::find(run.begin(), run.end(), i) != run.end()) {
                if (left.empty()) into = std::max<Tick>(0, begin - at);
                left.push_back(i);
            }
            at = end;
        }
        if (left.empty() || layer_.at_odds(c_, left) || !may_join(left, into)) return false;
        put(left, into, begin);
        return true;
    }

    bool may_join(const Run& left, Tick into) const {
        auto at = layer_.begin();
        const auto end = at + layer_.length_of(c_, left) - into;
        if (end > layer_.day().length || layer_.rival(at, end) >= 0) return false;
        for (const auto i : left) {
            const auto length = items_[i].length - (i == left.front() ? into : 0);
            if (!covers(items_[i].allowed, at, at + length) ||
                layer_.rules().refuses(c_, items_[i], at, length))
                return false;
            at += length;
        }
        return true;
    }

    void lay_soft(const Run& run) {
        const auto deadline = booking_.late == LateRule::make_good ? layer_.day().length : limit_;
        if (deadline >= layer_.begin()) return add_job(run, start_, deadline, start_ < layer_.begin());
        layer_.fall(c_, -1, number_of(run), start_, limit_, Obstacle::missed);
    }

    void add_job(const Run& run, Tick release, Tick deadline, bool missed) {
        const auto number = number_of(run);
        if (layer_.over_cap(c_, run.size()))
            return layer_.fall(c_, -1, number, release, release, Obstacle::daily_cap);
        if (layer_.at_odds(c_, run))
            return layer_.fall(c_, -1, number, release, deadline, Obstacle::children, c_);
        release = std::max(release, layer_.begin());
        layer_.add({c_, number, release, deadline, release, run, missed, 0});
    }

    GroundLayer& layer_;
    std::uint32_t c_;
    const Booking& booking_;
    const std::vector<Item>& items_;
    Tick start_, limit_;
};

}  // namespace

void lay_fixed(GroundLayer& layer, std::uint32_t c) {
    Fixed(layer, c).lay();
}

}  // namespace riverlight::scheduler
