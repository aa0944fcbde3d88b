#include "scheduler/plan/plan_json.hpp"

#include <cassert>

#include "content/base/json.hpp"

namespace riverlight::scheduler {
namespace {

namespace json = boost::json;

json::object json_of(const PlannedAiring& a) {
    json::object out({{"id", a.id},
                      {"start", to_rfc3339(a.start)},
                      {"end", to_rfc3339(a.end)},
                      {"kind", to_text(a.kind)},
                      {"hard", a.hard},
                      {"late", to_text(a.late)},
                      {"campaign", a.campaign},
                      {"booking", a.booking},
                      {"segment", a.segment},
                      {"revision", a.revision},
                      {"locale_asked", a.locale_asked},
                      {"locale", a.locale}});
    if (a.cut) out["cut"] = true;
    if (a.into.count() > 0) out["into_ms"] = a.into.count();
    return out;
}

json::object json_of(const Shortfall& s) {
    assert(!s.campaign.empty());  // an empty campaign marks a gap
    json::object out({{"campaign", s.campaign},
                      {"booking", s.booking},
                      {"segment", s.segment},
                      {"when", to_rfc3339(s.when)},
                      {"plays", s.plays},
                      {"why", to_text(s.why)},
                      {"reason", s.reason}});
    if (!s.instead.empty()) out["instead"] = s.instead;
    if (s.until > s.when) out["until"] = to_rfc3339(s.until);
    return out;
}

json::object json_of(const Gap& gap) {
    return {{"campaign", ""},
            {"booking", gap_booking},
            {"segment", ""},
            {"when", to_rfc3339(gap.from)},
            {"plays", 1},
            {"why", to_text(gap.cause)},
            {"reason", describe(gap.cause)},
            {"until", to_rfc3339(gap.until)}};
}

}  // namespace

std::string write_plan(const Plan& plan) {
    json::array airings, losses;
    for (const auto& airing : plan.airings) airings.push_back(json_of(airing));
    for (const auto& loss : losses_by_time(plan))
        losses.push_back(std::visit([](const auto* one) { return json_of(*one); }, loss));
    return canonical_json(json::object{{"format", 1},
                                       {"place", plan.place},
                                       {"day", to_iso(plan.day)},
                                       {"zone", plan.zone},
                                       {"from", to_rfc3339(plan.from)},
                                       {"until", to_rfc3339(plan.until)},
                                       {"airings", std::move(airings)},
                                       {"shortfalls", std::move(losses)}});
}

}  // namespace riverlight::scheduler
