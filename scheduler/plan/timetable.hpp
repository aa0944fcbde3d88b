#pragma once
#include <optional>
#include <vector>

#include "scheduler/plan/layout.hpp"
#include "scheduler/plan/occupancy.hpp"

namespace riverlight::scheduler {

/// When an hour of a rotation may have fewer plays than its quota.
enum class QuotaCheck {
    lenient,  ///< while the rotation has unplaced plays
    strict    ///< by the unplaced plays that are due in that hour, and no others
};

/// Where a task is placed.
struct Slot {
    DayTime start{};
    std::size_t item = 0;  ///< of a rotation's play; 0 for a run
};

/// Tasks on the time axis of one day, while the planner looks for a layout: tasks are placed and removed
/// again. Placed tasks never overlap. Copies are independent; the problem must outlive them.
class Timetable {
  public:
    explicit Timetable(const PlacementProblem& problem, QuotaCheck check = QuotaCheck::lenient);

    /// Whether a task may start at a time, and if not, why and when to try again.
    struct Attempt {
        std::optional<std::size_t> item;  ///< it may, with this item (0 for a run)
        DayTime retry = never;            ///< the first later time worth another attempt
        Obstacle why = Obstacle::no_time;
        std::optional<BookingIndex> by;
    };
    /// `at` lies in time that is free until `free_until`. `only_item`: no other item of a rotation.
    [[nodiscard]] Attempt try_at(const Task& task, DayTime at, DayTime free_until,
                                 std::optional<std::size_t> only_item = {}) const;

    /// The first start in [from, last] at which the task fits. `failure`, if given, becomes the last failed
    /// attempt.
    [[nodiscard]] std::optional<Slot> find_slot(const Task& task, DayTime from, DayTime last,
                                                Attempt* failure = nullptr,
                                                std::optional<std::size_t> only_item = {}) const;

    /// The task has no slot yet, and find_slot or try_at found this one.
    void place(TaskIndex task, const Slot& slot);
    /// The task has a slot.
    void remove(TaskIndex task);

    [[nodiscard]] const PlacementProblem& problem() const { return *problem_; }
    [[nodiscard]] std::size_t task_count() const { return problem_->tasks.size(); }
    [[nodiscard]] const Task& task(TaskIndex index) const { return problem_->tasks[index]; }
    [[nodiscard]] const std::vector<Item>& items_of(const Task& task) const {
        return problem_->day->bookings[task.booking].items;
    }
    [[nodiscard]] int priority(TaskIndex index) const { return priority_of(*problem_, task(index)); }
    [[nodiscard]] const PacedRotation& rotation(const Task& task) const {
        return (*problem_->rotations)[task.booking];
    }
    [[nodiscard]] bool is_placed(TaskIndex index) const { return slots_[index].start != never; }
    [[nodiscard]] const Slot& slot(TaskIndex index) const { return slots_[index]; }
    [[nodiscard]] milliseconds length_of(TaskIndex task, std::size_t item) const;
    [[nodiscard]] milliseconds longest(const Task& task) const { return longest_of(*problem_, task); }

    /// The tasks that are on in an interval, by start.
    [[nodiscard]] std::vector<TaskIndex> tasks_in(const Interval& when) const {
        return taken_.tasks_in(when);
    }
    /// The first free interval from `at` on of at least `length`.
    [[nodiscard]] std::optional<Interval> free_from(DayTime at, milliseconds length) const {
        return taken_.free_from(at, length);
    }
    /// The booking whose task is on at a moment.
    [[nodiscard]] std::optional<BookingIndex> booking_at(DayTime at) const;

    /// How many of a rotation's plays start in an hour of the day; plays made good do not count.
    [[nodiscard]] int plays_in_hour(BookingIndex booking, std::size_t hour) const {
        return plays_in_hours_[booking * hours_of_day_ + hour];
    }
    /// True if the rotation's quotas allow this task one more play at `start`, in its own hour or another.
    [[nodiscard]] bool quotas_allow(const Task& task, DayTime start) const;
    /// True if no hour of the rotation is above its quota, nor below it by more than the QuotaCheck allows.
    [[nodiscard]] bool quotas_hold(BookingIndex booking) const { return quotas_hold(booking, check_); }
    /// The strict check, for every rotation.
    [[nodiscard]] bool all_quotas_hold() const;

    std::vector<UnplacedTask> unplaced;  ///< filled in by who places tasks

  private:
    [[nodiscard]] Attempt try_run_at(const Task& task, DayTime at, DayTime free_until) const;
    [[nodiscard]] bool quotas_hold(BookingIndex booking, QuotaCheck check) const;
    /// `by`: 1 for a task placed, −1 for one removed.
    void count(const Task& task, const Slot& slot, int by);
    [[nodiscard]] std::size_t hour_index(const Task& task, DayTime at) const {
        return task.booking * hours_of_day_ + hour_of(at);
    }

    const PlacementProblem* problem_;
    QuotaCheck check_;
    SeparationRules rules_;
    std::vector<PlayTally> tallies_;
    std::vector<Slot> slots_;  ///< by task; start never: not placed
    Occupancy taken_;
    std::size_t hours_of_day_;
    std::vector<std::uint16_t> plays_in_hours_;  ///< plays that start in it, by booking and hour
    std::vector<std::uint32_t> unplaced_count_;  ///< by booking
    std::vector<std::uint16_t> due_in_hours_;    ///< unplaced plays that are due in it, by booking and hour
};

}  // namespace riverlight::scheduler
