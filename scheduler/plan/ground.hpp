#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/draft.hpp"

namespace riverlight::scheduler {

/// A play that finds no time, as the planner works on it.
struct Fall {
    std::uint32_t claim = 0;
    Tick number = 0;
    int item = -1;  ///< −1: any of the claim's
    Tick when = 0, until = 0;
    Obstacle why{};
    std::int64_t by = -1;
};

/// What is laid down first, and what waits: hard starts, blocks, then jobs.
struct Groundwork {
    Ground ground;
    std::vector<Placed> hard;         ///< by start
    std::vector<BlockWindow> blocks;  ///< by time
    std::vector<Fall> falls;
};

/// When fixed bookings and blocks are due, by claim.
struct RunTimes {
    std::vector<Tick> starts;
    std::vector<Tick> ends;  ///< of blocks
};

/// Lays hard starts and blocks down by priority from `begin` on, exactly on their ticks; where two want the
/// same time the lesser gives way. What `past` has done is not asked for again; what it missed follows its
/// booking's rule. `rotations` are the day's, by claim; they must outlive what is returned, as the day must.
[[nodiscard]] Groundwork lay_ground(const Day& day, const std::vector<Rotation>& rotations,
                                    const RunTimes& times, Tick begin, const Past& past);

}  // namespace riverlight::scheduler
