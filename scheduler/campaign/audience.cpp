#include "scheduler/campaign/audience.hpp"

#include <algorithm>

namespace riverlight::scheduler {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool holds_any(const std::vector<std::string>& list, const std::vector<std::string>& wanted) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& w) { return holds(list, w); });
}

}  // namespace

bool meets(const Audience& audience, const content::Place& place) {
    if (!audience.countries.empty() && !holds(audience.countries, place.country)) return false;
    if (!audience.provinces.empty() && !holds(audience.provinces, place.province)) return false;
    if (!audience.venues.empty() && !holds(audience.venues, place.venue)) return false;
    if (!audience.tags.empty() && !holds_any(audience.tags, place.tags)) return false;
    return audience.languages.empty() ||
           std::any_of(place.languages.begin(), place.languages.end(), [&](const content::LanguageShare& l) {
               return holds(audience.languages, l.language);
           });
}

std::vector<content::LanguageShare> languages_for(const Audience& audience, const content::Place& place) {
    if (audience.languages.empty()) return place.languages;
    std::vector<content::LanguageShare> out;
    std::copy_if(place.languages.begin(), place.languages.end(), std::back_inserter(out),
                 [&](const content::LanguageShare& l) { return holds(audience.languages, l.language); });
    return out;
}

bool valid_on(const Campaign& campaign, std::chrono::local_days day) {
    return (!campaign.from || *campaign.from <= day) && (!campaign.until || day <= *campaign.until);
}

}  // namespace riverlight::scheduler
