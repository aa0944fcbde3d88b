#include "tools/office/comparer.hpp"

#include <algorithm>
#include <set>

#include "scheduler/plan/broadcast_day.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using std::chrono::local_days;

CountryDay& country_of(std::vector<CountryDay>& countries, const std::string& code) {
    const auto found = std::find_if(countries.begin(), countries.end(),
                                    [&](const auto& one) { return one.country == code; });
    if (found != countries.end()) return *found;
    countries.push_back({code, {}, {}, {}, {}, {}});
    return countries.back();
}

/// Of a country that the channel lists, the places whose day is not stored.
void add_missing_places(CountryDay& into, const content::Country& listed, const Release& release,
                        const std::map<std::string, Instant>& boards, local_days day, Instant now) {
    std::set<std::string> stored;
    for (const auto& place : into.places) stored.insert(place.place);
    for (const auto& place : listed.places) {
        if (stored.contains(place.id)) continue;
        const auto today = scheduler::broadcast_day_of(release.day_start(place), place.zone, now).day;
        const bool waits = boards.contains(place.id) && day >= today;
        (waits ? into.being_planned : into.without_board).push_back(place.id);
    }
}

}  // namespace

std::vector<CountryDay> Comparer::day(local_days day, const std::string& country, Instant now) const {
    std::vector<CountryDay> out;
    for (auto& place : store_.sums.places(day, country, now)) {
        auto& result = country_of(out, place.country);
        result.tally += place.tally;
        result.places.push_back(std::move(place));
    }
    for (auto& [code, by_subject] : store_.sums.countries(day, country, now))
        country_of(out, code).by_subject = std::move(by_subject);
    if (const auto release = release_()) {
        const auto boards = store_.boards.in_service();
        for (const auto& [code, listed] : release->content.catalogue.countries)
            if (country.empty() || code == country)
                add_missing_places(country_of(out, code), listed, *release, boards, day, now);
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return country_name(a.country) < country_name(b.country); });
    return out;
}

Tally Comparer::total(local_days day, const std::string& country, Instant now) const {
    Tally out;
    for (const auto& [_, by_subject] : store_.sums.countries(day, country, now))
        for (const auto& [subject, tally] : by_subject) out += tally;
    return out;
}

std::unique_ptr<const SettledPlace> settle_place(const OfficeStore& store, const std::string& place,
                                                 local_days day, Instant now) {
    auto stored = store.plans.find(place, day);
    if (!stored) return nullptr;
    auto out = std::make_unique<SettledPlace>();
    out->stored = std::move(*stored);
    out->reports = store.airings.reports(place, day);
    out->settled = settle(out->stored.plan, out->reports, out->stored.facts.since, now,
                          store.airings.times_of(out->stored.facts));
    return out;
}

}  // namespace riverlight::office
