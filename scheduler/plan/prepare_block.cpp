#include <algorithm>
#include <numeric>

#include "scheduler/plan/preparation.hpp"

/// Blocks: a programme in its order, flowing around what is already in its window.
namespace riverlight::scheduler {
namespace {

class Block {
  public:
    Block(Preparation& preparation, BookingIndex b)
        : preparation_(preparation),
          index_(b),
          booking_(*preparation.booking(b).booking),
          items_(preparation.booking(b).items),
          window_{preparation.start_of(b), std::min(preparation.end_of(b), preparation.day().end())} {}

    void run() {
        const auto begin = preparation_.begin();
        auto run = preparation_.remaining_run(index_);
        const bool is_late = window_.from < begin;
        if (window_.until <= begin || (is_late && booking_.rejoin == Rejoin::leave))
            return report_all(run, Obstacle::missed, {});
        // A block flows around higher hard starts, but not around another block.
        for (const auto& other : preparation_.blocks()) {
            if (other.when.overlaps(window_)) return report_all(run, Obstacle::taken, other.booking);
        }
        const Interval left{std::max(window_.from, begin), window_.until};
        if (is_late && booking_.rejoin == Rejoin::in_progress) {
            // Positions are those that the whole programme would have.
            run.resize(items_.size());
            std::iota(run.begin(), run.end(), std::uint16_t{0});
            place_programme(run, window_);
        } else {
            place_programme(run, left);
        }
        preparation_.add_block(left, index_);
    }

  private:
    void report(std::uint16_t item, const Interval& when, Obstacle why, std::optional<BookingIndex> by = {}) {
        preparation_.add_shortfall({index_, items_[item].position, item, when.from, when.until, why, by});
    }
    void report_all(const Run& run, Obstacle why, std::optional<BookingIndex> by) {
        for (const auto i : run) report(i, window_, why, by);
    }

    /// The time between two segments, if the block's spare time goes there; whole seconds.
    milliseconds padding_between(const Run& run, const Interval& window) const {
        if (booking_.padding != Padding::between || run.size() < 2) return {};
        auto spare = window.length() - preparation_.length_of(index_, run);
        for (const auto& r : preparation_.reservations())
            spare -= std::max(milliseconds{},
                              std::min(r.when.until, window.until) - std::max(r.when.from, window.from));
        if (spare < milliseconds{}) return {};
        const auto padding =
            std::chrono::floor<std::chrono::seconds>(spare / static_cast<std::int64_t>(run.size() - 1));
        return padding >= shortest_shown ? padding : milliseconds{};
    }

    /// The first start in [at, end) at which `length` fits between the reservations.
    std::optional<DayTime> find_free(DayTime at, DayTime end, milliseconds length) const {
        auto next = std::upper_bound(taken_.begin(), taken_.end(), at,
                                     [](DayTime time, const Interval& one) { return time < one.until; });
        for (; next != taken_.end() && next->from < at + length; ++next) at = next->until;
        if (at + length > end) return {};
        return at;
    }

    void place_programme(const Run& run, const Interval& window) {
        for (const auto& r : preparation_.reservations()) taken_.push_back(r.when);
        std::sort(taken_.begin(), taken_.end(),
                  [](const Interval& a, const Interval& b) { return a.from < b.from; });
        const auto padding = padding_between(run, window);
        auto at = window.from;
        bool full = false;
        for (const auto i : run) {
            const auto free = full ? std::nullopt : find_free(at, window.until, items_[i].length);
            if (free) {
                if (place_item(i, *free, window.until)) at = *free + items_[i].length + padding;
                continue;
            }
            if (!full && place_cut(i, at, window.until)) {
                full = true;
                continue;
            }
            full = full || booking_.trimming == Trimming::cut;
            report(i, window, Obstacle::trimmed);
        }
        for (const auto& when : placed_) preparation_.reserve(when, index_);
    }

    /// Places what is still to come of one item. False: it may not air there and leaves its time to the next.
    bool place_item(std::uint16_t i, DayTime at, DayTime end) {
        const auto& item = items_[i];
        const bool is_done = preparation_.is_done(index_, item.position);
        if (is_done || at + item.length <= preparation_.begin()) {  // its time is over
            if (!is_done) report(i, {at, at}, Obstacle::missed);
            return true;
        }
        const auto start = std::max(at, preparation_.begin());
        if (const auto conflict = preparation_.find_item_conflict(index_, item, start)) {
            report(i, {at, end}, conflict->why, conflict->by);
            return false;
        }
        const auto into = start - at;
        preparation_.place(index_, i, start, item.length - into, into);
        placed_.push_back({start, at + item.length});
        return true;
    }

    /// Places the beginning of the last item, if the block is trimmed by cutting.
    bool place_cut(std::uint16_t i, DayTime at, DayTime end) {
        if (booking_.trimming != Trimming::cut) return false;
        for (const auto& r : preparation_.reservations()) {
            if (r.when.until > at && r.when.from < end) at = std::max(at, r.when.until);
        }
        const auto length = end - at;
        const auto& item = items_[i];
        if (length < shortest_shown || length >= item.length || at < preparation_.begin()) return false;
        if (!covers(item.allowed, at, end) || preparation_.rules().find_conflict(index_, item, at, length))
            return false;
        preparation_.place(index_, i, at, length);
        placed_.push_back({at, end});
        return true;
    }

    Preparation& preparation_;
    BookingIndex index_;
    const Booking& booking_;
    const std::vector<Item>& items_;
    Interval window_;
    std::vector<Interval> taken_;  ///< before the block, by time; disjoint
    std::vector<Interval> placed_;
};

}  // namespace

void prepare_block(Preparation& preparation, BookingIndex b) {
    Block(preparation, b).run();
}

}  // namespace riverlight::scheduler
