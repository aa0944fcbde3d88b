#pragma once
#include <optional>
#include <vector>

#include "scheduler/plan/effort.hpp"
#include "scheduler/plan/rotation.hpp"
#include "scheduler/plan/separation.hpp"

/// Finds a time for every play and soft start: everything but hard starts, blocks and fillers. Inside
/// `scheduler/plan` only.
namespace riverlight::scheduler {

/// Indices of a booking's items, in the order in which they air.
using Run = std::vector<std::uint16_t>;

/// Something that needs a time: one play of a rotation, or the whole run of a fixed booking.
struct Task {
    BookingIndex booking = 0;
    int number = 0;         ///< of the play, or the position of the run's first item
    DayTime release{};      ///< where it is first tried: never after `ideal`
    DayTime deadline{};     ///< the last time at which it may start
    DayTime earliest{};     ///< the first time at which it may start if need be
    Run run{};              ///< empty: one item of a rotation
    bool missed = false;    ///< its own time is over and it is made good
    std::uint32_t order{};  ///< among its booking's tasks, for the search
    DayTime ideal{};
};
/// An index into PlacementProblem::tasks.
using TaskIndex = std::uint32_t;

/// A segment with its start.
struct Placement {
    BookingIndex booking = 0;
    std::uint16_t item = 0;
    int number = 0;
    DayTime start{};
    milliseconds length{};
    DayTime latest{};               ///< the last time to which it may be put off
    std::optional<TaskIndex> task;  ///< none: a hard start or a block's, which does not move
    bool hard = false, cut = false;
    milliseconds into{};
};

struct UnplacedTask {
    TaskIndex task = 0;
    Obstacle why{};
    std::optional<BookingIndex> by;  ///< the booking in the way
};

/// How often a booking and each of its items have aired.
struct PlayTally {
    int plays = 0;
    std::vector<int> items;
};

/// A booking's items in the order in which they are due by weights: the largest remainder first, and of
/// equals the first. Both arguments must outlive it, unchanged.
class DueItems {
  public:
    DueItems(const std::vector<Item>& items, const PlayTally& tally);
    /// The next; nothing after the last.
    [[nodiscard]] std::optional<std::size_t> next();

  private:
    [[nodiscard]] std::int64_t owed_to(std::size_t item) const;
    [[nodiscard]] std::size_t most_owed() const;

    const std::vector<Item>& items_;
    const PlayTally& tally_;
    std::int64_t weights_ = 0;
    std::vector<std::size_t> order_;  ///< all items; empty until a second one is asked for
    std::size_t taken_ = 0;
};

/// What is fixed before tasks are placed, and the tasks.
struct PlacementProblem {
    const Day* day = nullptr;
    DayTime begin{};                                        ///< nothing is placed before
    std::vector<Interval> blocked;                          ///< hard starts and blocks; in order, disjoint
    SeparationRules rules;                                  ///< know history and hard starts
    std::vector<PlayTally> tallies;                         ///< by booking
    std::vector<Task> tasks;                                ///< by release
    const std::vector<PacedRotation>* rotations = nullptr;  ///< by booking; empty for other kinds
    Effort* effort = nullptr;                               ///< for finding better layouts than the first
};

[[nodiscard]] int priority_of(const PlacementProblem& problem, const Task& task);
/// The longest that a task can be on.
[[nodiscard]] milliseconds longest_of(const PlacementProblem& problem, const Task& task);

struct Layout {
    std::vector<Placement> placements;  ///< by start; runs as their segments
    std::vector<UnplacedTask> unplaced;
};

/// Places every task if it can, and otherwise lets lower priorities give way. Tries, in this order: deadline
/// order with relaxed releases; repair around each unplaced task; priority order and, on small days, a full
/// search; a day that has spent its effort keeps what it has. Leaves `problem.tasks` as last relaxed.
/// Deterministic: all searches are bounded by counts.
[[nodiscard]] Layout lay_out(PlacementProblem& problem);

}  // namespace riverlight::scheduler
