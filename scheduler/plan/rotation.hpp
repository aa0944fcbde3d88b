#pragma once
#include <vector>

#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// One play that a rotation owes.
struct Turn {
    Tick earliest = 0;  ///< where even pacing first allows it
    Tick release = 0;   ///< its ideal time
    Tick deadline = 0;  ///< the last tick at which it may start
    int number = 0;     ///< from 0, over the day
};

/// How many plays even pacing wants in an hour of the day: the ideal share, rounded down and up; where the
/// share is whole, one less and one more.
struct HourBounds {
    Tick least = 0, most = 0;
};

/// A rotation's day: its windows are divided into equal cells, one play each, ideally at its cell's begin.
/// The cells are shifted by `salt`, so that campaigns do not all ask for the same second. A turn leaves its
/// hour only where the hour's bounds stand for it: no hour is ever off by more than one.
struct Rotation {
    std::vector<Turn> turns;
    std::vector<Stretch> paced;     ///< the windows over which it is paced
    std::vector<HourBounds> hours;  ///< by hour since the day began; empty where pacing is early
};
[[nodiscard]] Rotation pace(const Claim& claim, Tick day_length, std::uint64_t salt);

/// `count` plays spread evenly over what is left of `windows` from `from` on; each may start until the end.
[[nodiscard]] std::vector<Turn> spread(const std::vector<Stretch>& windows, Tick from, std::size_t count);

}  // namespace riverlight::scheduler
