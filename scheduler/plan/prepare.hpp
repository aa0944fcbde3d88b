#pragma once
#include <vector>

#include "scheduler/plan/draft.hpp"
#include "scheduler/plan/layout.hpp"

/// The first step of planning a day: what has a fixed time is placed, everything else becomes a task.
namespace riverlight::scheduler {

/// The window of a block that airs.
struct BlockWindow {
    Interval when;
    BookingIndex booking = 0;
};

struct PreparedDay {
    PlacementProblem problem;
    std::vector<Placement> fixed;     ///< hard starts and blocks' programmes, by start
    std::vector<BlockWindow> blocks;  ///< by time; disjoint
    std::vector<DraftShortfall> shortfalls;
};

/// The nominal times of fixed bookings and blocks, by booking.
struct RunTimes {
    std::vector<DayTime> starts;
    std::vector<DayTime> ends;  ///< of blocks
};

/// Places hard starts and blocks exactly at their times, from `begin` on, highest priority first: of two that
/// need the same time the lower gives way. What `history` has done is left out; what it missed follows its
/// booking's rule. `rotations` are by booking. `day` and `rotations` must outlive the result.
[[nodiscard]] PreparedDay prepare_day(const Day& day, const std::vector<PacedRotation>& rotations,
                                      const RunTimes& times, DayTime begin, const History& history);

}  // namespace riverlight::scheduler
