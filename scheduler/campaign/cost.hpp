#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "content/base/error.hpp"
#include "scheduler/campaign/schedule.hpp"

/// What a schedule costs to plan, known before it is planned: no board may be long without a plan, and no
/// office without its pages. Whoever is about to plan a schedule that came from elsewhere asks first.
namespace riverlight::scheduler {

/// The cost of one broadcast day at a place, in tries of a segment at a time (about 25 ns on a desktop
/// processor), from counts alone: plays asked for, segments, dayparts, rules, openings for fillers; all of it
/// again for each takeover. It never falls when something is added. All campaigns that run on one date count
/// as if each of their bookings aired that day.
struct PlanCost {
    std::int64_t tries = 0;
    std::int64_t plays = 0;              ///< asked for by rotations and soft starts on that date
    const Campaign* campaign = nullptr;  ///< of the booking that costs most; null: none airs here
    const Booking* booking = nullptr;
};
[[nodiscard]] PlanCost cost_of(const Schedule& schedule, const content::Catalogue& catalogue,
                               const content::Place& place);

/// The most that a schedule may cost at a place: about 60,000 plays a day. tests/bench/README.md says how
/// long that takes to plan.
inline constexpr std::int64_t most_tries = 8'000'000;

enum class CostFault : std::uint8_t { too_costly };
using CostError = Refused<CostFault>;
/// Throws CostError, which names the booking that costs most and what to change, if the schedule costs more
/// than that at the place.
void require_affordable(const Schedule& schedule, const content::Catalogue& catalogue,
                        const content::Place& place);
/// The same as a finding, for the first place that follows the schedule and cannot afford it.
[[nodiscard]] std::optional<Finding> find_too_costly(const Schedule& schedule,
                                                     const content::Catalogue& catalogue,
                                                     const std::string& file);

}  // namespace riverlight::scheduler
