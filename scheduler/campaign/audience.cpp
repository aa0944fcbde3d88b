#include "scheduler/campaign/audience.hpp"

#include <algorithm>

#include "scheduler/calendar/calendar.hpp"
#include "scheduler/calendar/recurrence.hpp"

namespace riverlight::scheduler {
namespace {

bool holds(const std::vector<std::string>& list, std::string_view wanted) {
    return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool holds_any(const std::vector<std::string>& list, const std::vector<std::string>& wanted) {
    return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& w) { return holds(list, w); });
}

bool in_any(const std::vector<std::string>& sets, const content::Country& country,
            std::chrono::local_days day) {
    return std::any_of(sets.begin(), sets.end(), [&](const std::string& name) {
        const auto found = country.holidays.find(name);
        return found != country.holidays.end() &&
               std::binary_search(found->second.begin(), found->second.end(), day);
    });
}

/// The first day of a recurrence whose campaign has none; a Monday.
constexpr std::chrono::local_days without_start{std::chrono::year{2024} / std::chrono::January / 1};

bool recurs(const Campaign& campaign, const Booking& booking, std::chrono::local_days day) {
    const auto in = [&](const std::vector<std::chrono::local_days>& list) {
        return std::binary_search(list.begin(), list.end(), day);
    };
    if (in(booking.exdates)) return false;
    if (in(booking.rdates)) return true;
    if (!booking.rrule) return booking.rdates.empty();
    return recurs_on(*booking.rrule, campaign.from.value_or(without_start), day);
}

}  // namespace

bool passes(const HolidayRule& rule, const content::Country& country, std::chrono::local_days day) {
    return (rule.only_on.empty() || in_any(rule.only_on, country, day)) &&
           !in_any(rule.never_on, country, day);
}

bool counts_on(const Campaign& campaign, const Booking& booking, const content::Country& country,
               std::chrono::local_days day) {
    return valid_on(campaign, day) && passes(booking.holidays, country, day) &&
           recurs(campaign, booking, day);
}

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
