#pragma once
#include <vector>

#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// A booking whose audience includes the place, whether it counts that day or not.
struct LocalBooking {
    const Campaign* campaign = nullptr;
    const Booking* booking = nullptr;
    std::vector<SegmentIndex> segments;  ///< with a block's own fillers
    bool today = false;                  ///< it counts on the day
};

/// Shortens Item::allowed near the day's begin and end, so that days planned apart keep their separations.
/// Airings whose time is not known before planning stay half the separation away from either end. Fixed
/// bookings, blocks and takeovers of the days before and after are known by their times.
void trim_day_edges(Day& day, const std::vector<LocalBooking>& bookings, const Schedule& schedule,
                    const content::Country& country, const content::Place& place,
                    std::chrono::local_days date);

}  // namespace riverlight::scheduler
