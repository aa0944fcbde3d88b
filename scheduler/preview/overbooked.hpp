#pragma once
#include <chrono>
#include <vector>

#include "scheduler/campaign/schedule.hpp"

/// Problems of a schedule that only planning shows: overbooked dayparts, conflicting bookings, bookings that
/// never air at a place, gaps in which the slate shows.
namespace riverlight::scheduler {

/// Which days are planned, and for at most how many kinds of place.
struct PlanSample {
    std::chrono::local_days first{};
    int days = 7;  ///< 1–400
    int kinds_of_place = 40;
};

/// Plans the sample's days for one place of each kind that follows the schedule. Places of one country, zone,
/// languages, opening hours and set of campaigns are of one kind. For each booking with losses, a warning
/// with its line says how much it loses on its worst day, to which bookings, and what to do. If there are
/// more kinds of place than the sample allows, a warning says so.
[[nodiscard]] std::vector<Finding> check_plans(const Schedule& schedule, const content::Catalogue& catalogue,
                                               const std::string& file, const PlanSample& sample);

}  // namespace riverlight::scheduler
