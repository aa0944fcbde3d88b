#include "firmware/outlet/plan_request.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"

namespace riverlight::firmware {
namespace {

/// What counts as aired: also what was due before the board was in service, or was finished in this run.
/// `ids`: theirs.
std::vector<scheduler::Aired> aired_or_excused(const PlanRequest::Rest& rest, const MadePlan& day,
                                               std::set<std::string>& ids) {
    std::vector<scheduler::Aired> aired;
    for (const auto& a : rest.aired) {
        if (a.start < day.from) continue;
        ids.insert(a.id);
        aired.push_back(a);
    }
    for (const auto& a : day.airings) {
        const bool counts =
            (a.start < rest.in_service_since || rest.done.contains(a.id)) && a.start < rest.from;
        if (counts && ids.insert(a.id).second)
            aired.push_back({a.id, a.booking, a.segment, a.start, std::min(a.end, rest.from)});
    }
    return aired;
}

void plan_rest_of_day(const Programme& p, const PlanRequest::Rest& asked, MadePlan& made) {
    std::set<std::string> ids;
    const auto aired = aired_or_excused(asked, made, ids);
    auto rest =
        scheduler::plan_rest(p.schedule, p.content->catalogue, p.place, made.day, 0, aired, asked.from);
    for (const auto& a : rest.airings) ids.insert(a.id);
    for (auto& a : made.airings)
        if (!ids.contains(a.id)) (a.end <= asked.from ? made.past : made.replaced).push_back(std::move(a));
    made.airings = std::move(rest.airings);
}

}  // namespace

MadePlan make_plan(const PlanRequest& request) {
    MadePlan made;
    made.number = request.number;
    try {
        const auto& p = *request.programme;
        const auto* const rest = std::get_if<PlanRequest::Rest>(&request.what);
        made.day = rest ? scheduler::broadcast_day_of(p.schedule, p.place.zone, rest->now).day
                        : std::get<std::chrono::local_days>(request.what);
        auto plan = scheduler::plan_day(p.schedule, p.content->catalogue, p.place, made.day, 0);
        made.from = plan.from;
        made.until = plan.until;
        made.airings = std::move(plan.airings);
        if (rest) plan_rest_of_day(p, *rest, made);
    } catch (const std::exception& e) {
        made.fault = e.what();
    }
    return made;
}

}  // namespace riverlight::firmware
