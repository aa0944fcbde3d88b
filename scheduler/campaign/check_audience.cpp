#include <algorithm>

#include "content/base/suggest.hpp"
#include "scheduler/campaign/audience.hpp"
#include "scheduler/campaign/check_parts.hpp"

namespace riverlight::scheduler {
namespace {

using content::Place;
using Names = std::set<std::string>;

/// One list of an audience, and how to collect what a place has to match it.
struct List {
    const char* key;
    std::vector<std::string> Audience::*asked;
    void (*collect)(const Place&, Names&);
};
constexpr List lists[] = {
    {"countries", &Audience::countries, [](const Place& p, Names& out) { out.insert(p.country); }},
    {"provinces", &Audience::provinces, [](const Place& p, Names& out) { out.insert(p.province); }},
    {"languages", &Audience::languages,
     [](const Place& p, Names& out) {
         for (const auto& l : p.languages) out.insert(l.language);
     }},
    {"venues", &Audience::venues, [](const Place& p, Names& out) { out.insert(p.venue); }},
    {"tags", &Audience::tags, [](const Place& p, Names& out) { out.insert(p.tags.begin(), p.tags.end()); }},
};

Names names_of(const Check& check, const List& list) {
    Names out;
    for (const auto& [code, country] : check.catalogue.countries) {
        for (const auto& place : country.places) {
            if (place.schedule == check.schedule.name) list.collect(place, out);
        }
    }
    out.erase("");
    return out;
}

std::string nearest(const std::string& wrong, const Names& known) {
    const std::vector<std::string_view> names(known.begin(), known.end());
    return nearest_name(wrong, names);
}

}  // namespace

void check_audience(Check& check, const Campaign& campaign, const Reach& reach) {
    const auto where = "campaign " + campaign.id + ": ";
    for (const auto& list : lists) {
        const auto known = names_of(check, list);
        for (const auto& name : campaign.audience.*list.asked) {
            if (!known.contains(name))
                check.warn(campaign.line,
                           where + "no place that follows schedule '" + check.schedule.name + "' matches '" +
                               name + "' of its '" + list.key + "'",
                           nearest(name, known));
        }
    }
    if (!reach.empty()) return;
    check.warn(campaign.line,
               where + "no place that follows schedule '" + check.schedule.name +
                   "' meets its audience, so it airs nowhere; widen the audience, or name this "
                   "schedule in a country's places");
}

void check_holidays(Check& check, const std::string& where, int line, const HolidayRule& rule,
                    const Reach& reach) {
    Names known;
    for (const auto& [code, unused] : reach) {
        for (const auto& [set, days] : check.catalogue.countries.at(code).holidays) known.insert(set);
    }
    auto asked = rule.only_on;
    asked.insert(asked.end(), rule.never_on.begin(), rule.never_on.end());
    for (const auto& set : asked) {
        if (known.contains(set) || !check.is_first(where + "\nholidays " + set)) continue;
        check.warn(line,
                   where + ": no country that it airs in has a set of holidays '" + set +
                       "'; add it to the country's clearances, or take it out",
                   nearest(set, known));
    }
}

}  // namespace riverlight::scheduler
