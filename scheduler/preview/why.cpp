#include "scheduler/preview/why.hpp"

#include "content/base/json.hpp"
#include "scheduler/plan/explain.hpp"

namespace riverlight::scheduler {
namespace {

namespace json = boost::json;

std::string sentence(std::string text) {
    return text.ends_with('.') ? text : text + '.';
}

std::string airing_text(const PlannedAiring& a, const std::string& zone) {
    auto text = "On air: " + a.segment + " in " + a.locale;
    if (a.locale != a.locale_asked) text += " (asked for: " + a.locale_asked + ')';
    return text + ", " + local_text(a.start, zone).substr(11) + " to " + local_text(a.end, zone).substr(11) +
           ", for " + std::string(to_text(a.kind)) + " booking " + a.booking + " of campaign " + a.campaign +
           ".\n";
}

json::object airing_json(const PlannedAiring& a) {
    return {{"id", a.id},
            {"start", to_rfc3339(a.start)},
            {"end", to_rfc3339(a.end)},
            {"kind", to_text(a.kind)},
            {"campaign", a.campaign},
            {"booking", a.booking},
            {"segment", a.segment},
            {"locale_asked", a.locale_asked},
            {"locale", a.locale}};
}

}  // namespace

std::string why_text(const Explanation& why, const content::Place& place) {
    auto out = place.id + ", " + local_text(why.at, place.zone) + " (" + place.zone + ")\n";
    for (const auto& airing : why.on_air) out += airing_text(airing, place.zone);
    if (why.on_air.empty()) out += "The slate: nothing is planned then.\n";
    out += "Why: " + sentence(why.because) + '\n';
    if (!why.others.empty()) out += "Why not the others:\n";
    for (const auto& c : why.others)
        out += "  " + c.booking + " (" + std::string(to_text(c.kind)) + ", campaign " + c.campaign +
               "): " + sentence(c.reason) + '\n';
    return out;
}

std::string why_json(const Explanation& why, const content::Place& place) {
    json::array on_air, others;
    for (const auto& airing : why.on_air) on_air.push_back(airing_json(airing));
    for (const auto& c : why.others) {
        others.push_back({{"campaign", c.campaign},
                          {"booking", c.booking},
                          {"kind", to_text(c.kind)},
                          {"why", to_text(c.why)},
                          {"reason", c.reason}});
    }
    return canonical_json(json::object{{"format", 1},
                                       {"place", place.id},
                                       {"zone", place.zone},
                                       {"at", to_rfc3339(why.at)},
                                       {"on_air", std::move(on_air)},
                                       {"because", why.because},
                                       {"others", std::move(others)}}) +
           '\n';
}

}  // namespace riverlight::scheduler
