#pragma once
#include <map>
#include <optional>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {

/// The longest that a job can be.
[[nodiscard]] Tick longest_of(const Ground& ground, const Job& job);

/// A layout in the making: jobs are put down and taken up again.
class Sketch {
  public:
    explicit Sketch(const Ground& ground);

    struct Attempt {
        int item = -1;       ///< ≥ 0: it may start now, with this item (a run: 0)
        Tick again = never;  ///< else the first later tick worth another try
        Obstacle why = Obstacle::no_time;
        std::int64_t by = -1;
    };
    /// Whether a job may start at `at` in time that is free until `free_until`.
    [[nodiscard]] Attempt attempt(const Job& job, Tick at, Tick free_until, int only_item = -1) const;
    struct Spot {
        Tick start = 0;
        int item = 0;
    };
    /// The first time in [from, last] at which the job fits between what stands.
    [[nodiscard]] std::optional<Spot> fit(const Job& job, Tick from, Tick last, Attempt& refusal,
                                          int only_item = -1) const;
    void put(int job, Tick start, int item);
    void take_up(int job);

    [[nodiscard]] const Ground& ground() const { return *ground_; }
    [[nodiscard]] const Job& job(int index) const { return ground_->jobs[static_cast<std::size_t>(index)]; }
    [[nodiscard]] bool stands(int job) const { return spots_[static_cast<std::size_t>(job)].start != never; }
    [[nodiscard]] const Spot& spot(int job) const { return spots_[static_cast<std::size_t>(job)]; }
    [[nodiscard]] Tick length_of(int job, int item) const;
    [[nodiscard]] Tick longest(const Job& job) const { return longest_of(*ground_, job); }
    /// The jobs that are on in [from, until), by start.
    [[nodiscard]] std::vector<int> on_in(Tick from, Tick until) const;
    /// The claim that holds a moment; −1: none.
    [[nodiscard]] std::int64_t holder(Tick at) const;

    std::vector<Lost> lost;

  private:
    struct Busy {
        Tick until = 0;
        int job = -1;
    };
    const Ground* ground_;
    Rules rules_;
    std::vector<Tally> tallies_;
    std::vector<Spot> spots_;
    std::map<Tick, Busy> busy_;
};

}  // namespace riverlight::scheduler
