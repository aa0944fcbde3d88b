#pragma once
#include <optional>
#include <vector>

#include "scheduler/plan/prepare.hpp"

/// A PreparedDay in the making, shared by the preparation of each kind of booking. Inside `scheduler/plan`
/// only.
namespace riverlight::scheduler {

/// Time that a hard start or a block's item holds.
struct Reservation {
    Interval when;
    BookingIndex booking = 0;
};

/// Why a run cannot start at exactly one time.
struct Conflict {
    Obstacle why{};
    std::optional<BookingIndex> by{};
    std::optional<std::uint16_t> item{};
    bool time_is_taken = false;  ///< another booking holds the time: at another time it might fit
};

class Preparation {
  public:
    /// All arguments must outlive it.
    Preparation(const Day& day, const std::vector<PacedRotation>& rotations, const RunTimes& times,
                DayTime begin, const History& history);

    [[nodiscard]] const Day& day() const { return day_; }
    [[nodiscard]] DayTime begin() const { return begin_; }
    /// The nominal start of a fixed booking or block.
    [[nodiscard]] DayTime start_of(BookingIndex b) const { return times_.starts[b]; }
    /// The nominal end of a block.
    [[nodiscard]] DayTime end_of(BookingIndex b) const { return times_.ends[b]; }
    [[nodiscard]] const DayBooking& booking(BookingIndex b) const { return day_.bookings[b]; }
    [[nodiscard]] const PacedRotation& rotation(BookingIndex b) const { return (*out_.problem.rotations)[b]; }
    [[nodiscard]] const SeparationRules& rules() const { return out_.problem.rules; }
    [[nodiscard]] int plays(BookingIndex b) const { return out_.problem.tallies[b].plays; }
    [[nodiscard]] bool is_done(BookingIndex b, int number) const {
        return history_.done.contains({b, number});
    }
    [[nodiscard]] bool was_missed(BookingIndex b, int number) const {
        return history_.missed.contains({b, number});
    }
    [[nodiscard]] const std::vector<Reservation>& reservations() const { return reservations_; }
    [[nodiscard]] const std::vector<BlockWindow>& blocks() const { return out_.blocks; }

    /// The items of a fixed booking or block that are not done.
    [[nodiscard]] Run remaining_run(BookingIndex b) const;
    [[nodiscard]] milliseconds length_of(BookingIndex b, const Run& run) const;
    /// The booking that holds a part of `when`.
    [[nodiscard]] std::optional<BookingIndex> holder_of(const Interval& when) const;
    [[nodiscard]] bool exceeds_cap(BookingIndex b, std::size_t more) const;
    /// True if a run has a segment for children too near one of its own rated ones.
    [[nodiscard]] bool conflicts_with_itself(BookingIndex b, const Run& run) const;
    /// Why a run cannot start at exactly `start`; nothing if it can.
    [[nodiscard]] std::optional<Conflict> find_conflict(BookingIndex b, const Run& run, DayTime start) const;
    /// The same for one item, without looking at the time that other bookings hold.
    [[nodiscard]] std::optional<Conflict> find_item_conflict(BookingIndex b, const Item& item,
                                                             DayTime start) const;

    /// Places an item exactly, from `into` on in its segment.
    void place(BookingIndex b, std::uint16_t item, DayTime start, milliseconds length,
               milliseconds into = {});
    void reserve(const Interval& when, BookingIndex b) { reservations_.push_back({when, b}); }
    void add_block(const Interval& window, BookingIndex b) { out_.blocks.push_back({window, b}); }
    void add_task(Task task) { out_.problem.tasks.push_back(std::move(task)); }
    void add_shortfall(DraftShortfall shortfall) { out_.shortfalls.push_back(shortfall); }

    /// Leaves this empty.
    [[nodiscard]] PreparedDay finish();

  private:
    const Day& day_;
    const RunTimes& times_;
    const History& history_;
    DayTime begin_;
    PreparedDay out_;
    std::vector<Reservation> reservations_;
};

/// Places a fixed booking at its time, makes it a task, or reports it as a shortfall.
void prepare_fixed(Preparation& preparation, BookingIndex b);
/// Places a block's programme in its window, around what is already there.
void prepare_block(Preparation& preparation, BookingIndex b);
/// Makes tasks of a rotation's plays; missed plays are spread over the rest of its windows.
void prepare_rotation(Preparation& preparation, BookingIndex b);

}  // namespace riverlight::scheduler
