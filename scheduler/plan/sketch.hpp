#pragma once
#include <optional>

#include "scheduler/plan/layout.hpp"
#include "scheduler/plan/occupancy.hpp"

namespace riverlight::scheduler {

/// A layout in the making: jobs are put down and taken up again.
class Sketch {
  public:
    /// What has no time yet that an hour may be short of: `any` of the rotation's, or only what is due in it.
    enum class Short { any, own };
    explicit Sketch(const Ground& ground, Short of = Short::any);

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
    [[nodiscard]] int priority(int job) const { return priority_of(*ground_, this->job(job)); }
    [[nodiscard]] const Rotation& rotation(const Job& job) const { return (*ground_->rotations)[job.claim]; }
    [[nodiscard]] bool stands(int job) const { return spots_[static_cast<std::size_t>(job)].start != never; }
    [[nodiscard]] const Spot& spot(int job) const { return spots_[static_cast<std::size_t>(job)]; }
    [[nodiscard]] Tick length_of(int job, int item) const;
    [[nodiscard]] Tick longest(const Job& job) const { return longest_of(*ground_, job); }
    /// The jobs that are on in [from, until), by start.
    [[nodiscard]] std::vector<int> on_in(Tick from, Tick until) const { return taken_.on_in(from, until); }
    /// The first stretch from `at` on in which `length` is free.
    [[nodiscard]] std::optional<Stretch> free_from(Tick at, Tick length) const {
        return taken_.free_from(at, length);
    }
    /// The claim that holds a moment; −1: none.
    [[nodiscard]] std::int64_t holder(Tick at) const;
    /// How many of a rotation's plays start in an hour of the day, those made good apart.
    [[nodiscard]] int plays_in_hour(std::uint32_t claim, std::size_t hour) const {
        return hours_[claim * hours_of_day_ + hour];
    }
    /// Whether the hours of a rotation stand one more play at `start`, which was due in another or the same.
    [[nodiscard]] bool hours_stand(const Job& job, Tick start) const;
    /// Whether no hour of a rotation has more plays than its pace allows, nor fewer but for what may be
    /// short.
    [[nodiscard]] bool hours_hold(std::uint32_t claim) const { return hours_hold(claim, short_of_); }
    /// Of every rotation, none short but of its own.
    [[nodiscard]] bool all_hours_hold() const;

    std::vector<Lost> lost;

  private:
    [[nodiscard]] Attempt attempt_run(const Job& job, Tick at, Tick free_until) const;
    [[nodiscard]] bool hours_hold(std::uint32_t claim, Short of) const;
    void count(const Job& job, const Spot& spot, int by);
    [[nodiscard]] std::size_t hour_of(const Job& job, Tick at) const {
        return job.claim * hours_of_day_ + static_cast<std::size_t>(at / hour_ticks);
    }

    const Ground* ground_;
    Short short_of_;
    Rules rules_;
    std::vector<Tally> tallies_;
    std::vector<Spot> spots_;
    Occupancy taken_;
    std::size_t hours_of_day_;
    std::vector<std::uint16_t> hours_;  ///< plays that start in it, by claim and hour
    std::vector<std::uint32_t> open_;   ///< jobs without a time, by claim
    std::vector<std::uint16_t> owed_;   ///< plays due in it that have no time yet, by claim and hour
};

}  // namespace riverlight::scheduler
