#pragma once
#include <optional>
#include <vector>

#include "scheduler/plan/day.hpp"
#include "scheduler/plan/effort.hpp"

namespace riverlight::scheduler {

/// Keeps airings apart that may not be close together: the same segment, segments that share a topic, and
/// rated segments from those made for children. Between two airings the larger of their two distances
/// applies, in both directions: an airing that is added constrains earlier ones too. Within one run nothing
/// is kept apart.
class SeparationRules {
  public:
    /// `day` must outlive it.
    explicit SeparationRules(const Day& day);
    /// From now on, what is looked at counts as effort. `effort` must outlive it and its copies.
    void count(Effort& effort) { effort_ = &effort; }

    void add(BookingIndex booking, const Item& item, DayTime start, DayTime end);
    /// Removes what was added for the booking and item at exactly that start.
    void remove(BookingIndex booking, const Item& item, DayTime start);

    struct Conflict {
        Obstacle why{};
        BookingIndex by = 0;  ///< the booking in the way
        DayTime retry{};      ///< the first later time at which this airing is no longer in the way
    };
    /// Why the item may not start at `at` and be on for `length`; nothing if it may.
    [[nodiscard]] std::optional<Conflict> find_conflict(BookingIndex booking, const Item& item, DayTime at,
                                                        milliseconds length) const;

  private:
    struct Entry {
        DayTime start{}, end{};
        milliseconds distance{};
        BookingIndex booking = 0;
    };
    using Entries = std::vector<Entry>;  ///< by start
    static void insert(Entries& entries, const Entry& entry);
    static void erase(Entries& entries, DayTime start, BookingIndex booking);
    /// Distances between starts. `widest`: the largest distance that any entry asks for.
    [[nodiscard]] std::optional<Conflict> conflict_of_starts(const Entries& entries, BookingIndex booking,
                                                             DayTime at, milliseconds own,
                                                             milliseconds widest, Obstacle why) const;
    /// Distances between the end of one and the start of the other.
    [[nodiscard]] std::optional<Conflict> conflict_of_children(const Entries& entries, DayTime at,
                                                               milliseconds length) const;
    [[nodiscard]] bool same_run(BookingIndex a, BookingIndex b) const;

    const Day* day_;
    Effort* effort_ = nullptr;
    std::vector<Entries> segments_, topics_;
    Entries children_, rated_;
    milliseconds longest_{};  ///< of children's and rated segments
};

}  // namespace riverlight::scheduler
