#include "scheduler/plan/planner.hpp"

#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/day_planner.hpp"

namespace riverlight::scheduler {

using std::chrono::local_days;

Plan plan_day(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
              local_days day, std::uint64_t seed) {
    return DayPlanner(schedule, catalogue, place, broadcast_day(schedule, place.zone, day), seed).whole();
}

Plan plan_from(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
               Instant from, std::uint64_t seed) {
    return DayPlanner(schedule, catalogue, place, broadcast_day_of(schedule, place.zone, from), seed)
        .from(from);
}

Plan plan_rest(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
               local_days day, std::uint64_t seed, std::span<const Aired> aired, Instant now) {
    return DayPlanner(schedule, catalogue, place, broadcast_day(schedule, place.zone, day), seed)
        .rest(aired, now);
}

}  // namespace riverlight::scheduler
