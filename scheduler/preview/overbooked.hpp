#pragma once
#include <chrono>
#include <vector>

#include "scheduler/campaign/schedule.hpp"

/// What only planning shows: dayparts with too little time, bookings in each other's way, bookings that never
/// air at a place, slates.
namespace riverlight::scheduler {

/// Which days are planned, and for how many kinds of place at most.
struct PlanSample {
    std::chrono::local_days first{};
    int days = 7;  ///< 1–400
    int kinds_of_place = 40;
};

/// Plans the sample's days with plan_day for one place of each kind that follows the schedule (places that
/// stand in the same country, speak the same languages and meet the same campaigns are of one kind) and says,
/// with the line of the booking, how much each booking loses on its worst day, to whom, and what to do. All
/// are warnings: such a schedule airs, but keeps fewer promises than it makes. Where there are more kinds of
/// place than the sample allows, a finding says so.
[[nodiscard]] std::vector<Finding> check_plans(const Schedule& schedule, const content::Catalogue& catalogue,
                                               const std::string& file, const PlanSample& sample);

}  // namespace riverlight::scheduler
