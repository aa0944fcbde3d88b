#pragma once
#include <optional>
#include <vector>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {

/// Which time of a day is taken, and by which task. Taken intervals never overlap. They are kept in buckets
/// of ten minutes that know their widest free time, so that a full day is skipped bucket by bucket.
class Occupancy {
  public:
    /// Nothing is free before `begin`, nor from `end` on.
    Occupancy(DayTime begin, DayTime end);

    /// `when` is free, within [begin, end), and not empty. `by`: none for what no task holds.
    void take(const Interval& when, std::optional<TaskIndex> by);
    /// Frees what was taken from exactly `from` on.
    void release(DayTime from);

    /// The first free interval from `at` on of at least `length` ≥ 1 ms, as far as it is not before `at`.
    [[nodiscard]] std::optional<Interval> free_from(DayTime at, milliseconds length) const;
    /// The tasks that are on in `when`, by start.
    [[nodiscard]] std::vector<TaskIndex> tasks_in(const Interval& when) const;
    /// The task that is on at a moment.
    [[nodiscard]] std::optional<TaskIndex> task_at(DayTime at) const;

  private:
    static constexpr milliseconds bucket_width = std::chrono::minutes{10};
    struct Taken {
        DayTime from{}, until{};
        std::optional<TaskIndex> by;
    };
    struct Bucket {
        std::vector<Taken> taken;  ///< those that start in it, by start
        /// The widest free time that follows one of them; a cache, empty after each change.
        mutable std::optional<milliseconds> widest_gap;
    };
    struct Position {
        std::size_t bucket = 0, index = 0;
    };

    [[nodiscard]] std::size_t bucket_of(DayTime at) const;
    /// The last that starts at `at` or before; the time before `begin` counts as taken, so there is one.
    [[nodiscard]] Position last_before(DayTime at) const;
    [[nodiscard]] DayTime next_start(Position position) const;
    [[nodiscard]] milliseconds widest_gap(std::size_t bucket) const;
    [[nodiscard]] std::optional<Interval> free_in(std::size_t bucket, std::size_t index,
                                                  milliseconds length) const;
    void forget_widest_gap(Position position) { buckets_[position.bucket].widest_gap.reset(); }

    DayTime end_;
    std::vector<Bucket> buckets_;
};

}  // namespace riverlight::scheduler
