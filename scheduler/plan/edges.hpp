#pragma once
#include <vector>

#include "scheduler/plan/day.hpp"

namespace riverlight::scheduler {

/// A booking that meets the place, whatever the day, and its segments as keys of the day's.
struct Near {
    const Campaign* campaign = nullptr;
    const Booking* booking = nullptr;
    std::vector<std::uint32_t> segments;  ///< fillers of a block's own among them
    bool today = false;                   ///< it counts on the day
};

/// Cuts the day's ends off what must keep a distance from another day's airings, so that days planned apart
/// keep it. What has no time of its own stays half of the distance away from either end; fixed bookings and
/// blocks of the days before and after are known by their hours.
void keep_edges(Day& day, const std::vector<Near>& near, const Schedule& schedule,
                const content::Country& country, const content::Place& place, std::chrono::local_days date);

}  // namespace riverlight::scheduler
