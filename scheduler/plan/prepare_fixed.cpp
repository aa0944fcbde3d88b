#include <algorithm>

#include "scheduler/plan/preparation.hpp"

/// Fixed bookings: hard ones are placed at their time; soft ones, and those made good later, become tasks.
namespace riverlight::scheduler {
namespace {

class FixedBooking {
  public:
    FixedBooking(Preparation& preparation, BookingIndex b)
        : preparation_(preparation),
          index_(b),
          booking_(*preparation.booking(b).booking),
          items_(preparation.booking(b).items),
          start_(preparation.start_of(b)),
          last_start_(start_ + booking_.late_limit) {}

    void run() {
        const auto run = preparation_.remaining_run(index_);
        if (run.empty()) return;
        if (!booking_.hard) return run_soft(run);
        if (start_ < preparation_.begin()) return run_late(run);
        const auto conflict = preparation_.find_conflict(index_, run, start_);
        if (!conflict) return place(run, {}, start_);
        if (booking_.late == LateRule::make_good && conflict->time_is_taken)
            return add_task(run, start_, preparation_.day().end(), false);
        report(run, conflict->item, {start_, start_}, conflict->why, conflict->by);
    }

  private:
    int number_of(const Run& run) const { return items_[run.front()].position; }

    void report(const Run& run, std::optional<std::uint16_t> item, const Interval& when, Obstacle why,
                std::optional<BookingIndex> by = {}) {
        preparation_.add_shortfall({index_, number_of(run), item, when.from, when.until, why, by});
    }

    /// From `at` on, the first item from `into` on in its segment.
    void place(const Run& run, milliseconds into, DayTime at) {
        preparation_.reserve({at, at + preparation_.length_of(index_, run) - into}, index_);
        for (const auto i : run) {
            const auto skipped = i == run.front() ? into : milliseconds{};
            preparation_.place(index_, i, at, items_[i].length - skipped, skipped);
            at += items_[i].length - skipped;
        }
    }

    /// A hard start whose time has passed.
    void run_late(const Run& run) {
        if (booking_.late == LateRule::make_good)
            return add_task(run, preparation_.begin(), preparation_.day().end(), true);
        if (booking_.late == LateRule::join && preparation_.begin() <= last_start_ && join(run)) return;
        report(run, {}, {start_, start_}, Obstacle::missed);
    }

    /// Continues where the run would be now. False: it is over, or may not.
    bool join(const Run& run) {
        const auto begin = preparation_.begin();
        auto at = start_;
        milliseconds into{};
        Run left;
        // The whole run counts, with the items that are done.
        for (std::uint16_t i = 0; i < items_.size(); ++i) {
            const auto end = at + items_[i].length;
            if (end > begin && std::find(run.begin(), run.end(), i) != run.end()) {
                if (left.empty()) into = std::max(milliseconds{}, begin - at);
                left.push_back(i);
            }
            at = end;
        }
        if (left.empty() || preparation_.conflicts_with_itself(index_, left) || !may_join(left, into))
            return false;
        place(left, into, begin);
        return true;
    }

    bool may_join(const Run& left, milliseconds into) const {
        auto at = preparation_.begin();
        const auto end = at + preparation_.length_of(index_, left) - into;
        if (end > preparation_.day().end() || preparation_.holder_of({at, end})) return false;
        for (const auto i : left) {
            const auto length = items_[i].length - (i == left.front() ? into : milliseconds{});
            if (!covers(items_[i].allowed, at, at + length) ||
                preparation_.rules().find_conflict(index_, items_[i], at, length))
                return false;
            at += length;
        }
        return true;
    }

    void run_soft(const Run& run) {
        const auto deadline = booking_.late == LateRule::make_good ? preparation_.day().end() : last_start_;
        if (deadline >= preparation_.begin())
            return add_task(run, start_, deadline, start_ < preparation_.begin());
        report(run, {}, {start_, last_start_}, Obstacle::missed);
    }

    void add_task(const Run& run, DayTime release, DayTime deadline, bool missed) {
        if (preparation_.exceeds_cap(index_, run.size()))
            return report(run, {}, {release, release}, Obstacle::daily_cap);
        if (preparation_.conflicts_with_itself(index_, run))
            return report(run, {}, {release, deadline}, Obstacle::children, index_);
        release = std::max(release, preparation_.begin());
        preparation_.add_task({index_, number_of(run), release, deadline, release, run, missed, 0});
    }

    Preparation& preparation_;
    BookingIndex index_;
    const Booking& booking_;
    const std::vector<Item>& items_;
    DayTime start_, last_start_;
};

}  // namespace

void prepare_fixed(Preparation& preparation, BookingIndex b) {
    FixedBooking(preparation, b).run();
}

}  // namespace riverlight::scheduler
