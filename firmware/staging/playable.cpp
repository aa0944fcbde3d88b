#include "firmware/staging/playable.hpp"

#include "scheduler/campaign/cost.hpp"
#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::firmware {

scheduler::Schedule read_place_schedule(const std::map<std::string, std::string>& schedules,
                                        const content::Place& place) {
    const auto text = schedules.find(place.schedule);
    if (text == schedules.end())
        throw Error("the channel has no schedule '" + place.schedule + "', which " + place.id + " follows");
    return scheduler::read_schedule_json(text->second, place.schedule);
}

void require_playable(const content::Facts& facts, const std::string& place_id, Instant now) {
    const auto* place = facts.catalogue.place(place_id);
    if (!place)
        throw Error("the channel has no place '" + place_id +
                    "'; correct [place] id, or have the country's coordinator add it");
    const auto schedule = read_place_schedule(facts.schedules, *place);
    scheduler::require_affordable(schedule, facts.catalogue, *place);
    const auto today = scheduler::broadcast_day_of(schedule, place->zone, now).day;
    for (const auto day : {today, today + std::chrono::days{1}})
        static_cast<void>(scheduler::plan_day(schedule, facts.catalogue, *place, day, 0));
}

}  // namespace riverlight::firmware
