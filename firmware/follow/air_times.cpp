#include "firmware/follow/air_times.hpp"

#include "scheduler/campaign/read.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/plan.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::firmware {
namespace {

constexpr auto takeover_ahead = std::chrono::hours(1);

}  // namespace

content::AirTimes plan_air_times(const content::Facts& facts, const std::string& place_id, Instant now) {
    content::AirTimes out;
    const auto* place = facts.catalogue.place(place_id);
    const auto text = place ? facts.schedules.find(place->schedule) : facts.schedules.end();
    if (text == facts.schedules.end()) return out;
    const auto schedule = scheduler::read_schedule_json(text->second, place->schedule);
    const auto add = [&](const scheduler::Plan& plan) {
        for (const auto& airing : plan.airings) {
            out.next.emplace(airing.segment, airing.start);  // airings are in order: the first one counts
            if (airing.kind == scheduler::BookingKind::takeover && airing.start <= now + takeover_ahead)
                out.takeovers.insert(airing.segment);
        }
    };
    add(scheduler::plan_from(schedule, facts.catalogue, *place, now, 0));
    const auto today = scheduler::broadcast_day_of(schedule, place->zone, now).day;
    add(scheduler::plan_day(schedule, facts.catalogue, *place, today + std::chrono::days{1}, 0));
    return out;
}

}  // namespace riverlight::firmware
