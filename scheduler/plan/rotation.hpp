#pragma once
#include <vector>

#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// One play that a rotation asks for.
struct RotationPlay {
    DayTime earliest{};  ///< the earliest start that even pacing allows
    DayTime ideal{};
    DayTime deadline{};  ///< the last time at which it may start
    int number = 0;      ///< from 0, over the day
};

/// How many plays even pacing allows in an hour: the ideal number rounded down and up; where that is whole,
/// one less and one more.
struct HourQuota {
    std::int64_t least = 0, most = 0;
};

/// A rotation's plays of one day. Its windows are divided into equal cells, one play each, ideally at the
/// begin of its cell. Cells are shifted by a salt, so that campaigns do not all ask for the same second. A
/// play leaves its hour only where the quotas of both hours allow it: no hour is off by more than one.
struct PacedRotation {
    std::vector<RotationPlay> plays;  ///< by number
    std::vector<Interval> windows;    ///< over which it is paced
    std::vector<HourQuota> quotas;    ///< by hour of the day; empty where pacing is early
};
[[nodiscard]] PacedRotation pace_rotation(const DayBooking& booking, milliseconds day_length,
                                          std::uint64_t salt);

/// `count` plays spread evenly over what is left of `windows` from `from` on; each may start until their end.
/// Empty if nothing is left of them.
[[nodiscard]] std::vector<RotationPlay> spread_plays(const std::vector<Interval>& windows, DayTime from,
                                                     std::size_t count);

}  // namespace riverlight::scheduler
