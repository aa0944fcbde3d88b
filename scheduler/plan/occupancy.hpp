#pragma once
#include <optional>
#include <vector>

#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// Which time of a day is taken, and by what. What is taken never overlaps. The next free time of a length is
/// found without looking at everything that is taken before it: a full day is passed over by the bucket.
class Occupancy {
  public:
    /// From 0 to `begin` nothing is free, nor from `end` on.
    Occupancy(Tick begin, Tick end);

    /// `by` ≥ −1; [from, until) is free, within [begin, end), and not empty.
    void take(Tick from, Tick until, int by);
    /// Gives up what was taken from exactly there.
    void give_up(Tick from);

    /// The first free stretch of at least `length` ≥ 1 that is left at `at` or comes after it, from `at` on.
    [[nodiscard]] std::optional<Stretch> free_from(Tick at, Tick length) const;
    /// What is on in [from, until), by start, as `by`; those below 0 left out.
    [[nodiscard]] std::vector<int> on_in(Tick from, Tick until) const;
    /// What holds a moment; −1: nothing that has a number.
    [[nodiscard]] int holder(Tick at) const;

  private:
    static constexpr Tick width = 600'000;
    static constexpr Tick unknown = -1;
    struct Taken {
        Tick from = 0, until = 0;
        int by = -1;
    };
    struct Bucket {
        std::vector<Taken> taken;              ///< those that start in it, by start
        mutable Tick widest_behind = unknown;  ///< the widest free time behind one of them
    };
    struct Place {
        std::size_t bucket = 0, index = 0;
    };

    [[nodiscard]] std::size_t bucket_of(Tick at) const;
    /// The last that starts at `at` or before: there always is one.
    [[nodiscard]] Place last_before(Tick at) const;
    [[nodiscard]] Tick next_start(Place place) const;
    [[nodiscard]] Tick widest_behind(std::size_t bucket) const;
    [[nodiscard]] std::optional<Stretch> free_in(std::size_t bucket, std::size_t index, Tick length) const;
    void touched(Place place);

    Tick end_;
    std::vector<Bucket> buckets_;
};

}  // namespace riverlight::scheduler
