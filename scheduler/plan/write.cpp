#include "content/base/json.hpp"
#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

namespace json = boost::json;

std::string write_plan(const Plan& plan) {
    json::array airings, shortfalls;
    for (const auto& a : plan.airings) {
        json::object one({{"id", a.id},
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
        if (a.cut) one["cut"] = true;
        if (a.into.count() > 0) one["into_ms"] = a.into.count();
        airings.push_back(std::move(one));
    }
    for (const auto& s : plan.shortfalls) {
        json::object one({{"campaign", s.campaign},
                          {"booking", s.booking},
                          {"segment", s.segment},
                          {"when", to_rfc3339(s.when)},
                          {"plays", s.plays},
                          {"why", to_text(s.why)},
                          {"reason", s.reason}});
        if (!s.instead.empty()) one["instead"] = s.instead;
        if (s.until > s.when) one["until"] = to_rfc3339(s.until);
        shortfalls.push_back(std::move(one));
    }
    return canonical_json(json::object{{"format", 1},
                                       {"place", plan.place},
                                       {"day", to_iso(plan.day)},
                                       {"zone", plan.zone},
                                       {"from", to_rfc3339(plan.from)},
                                       {"until", to_rfc3339(plan.until)},
                                       {"airings", std::move(airings)},
                                       {"shortfalls", std::move(shortfalls)}});
}

}  // namespace riverlight::scheduler
