#pragma once
#include <chrono>
#include <vector>

#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// Whether a campaign's audience takes in a place: every list that is not empty must name it. Language counts
/// where any of the place's languages is asked for.
[[nodiscard]] bool meets(const Audience& audience, const content::Place& place);

/// The languages, with their shares, in which a campaign speaks at a place; the place's order.
[[nodiscard]] std::vector<content::LanguageShare> languages_for(const Audience& audience,
                                                                const content::Place& place);

/// Whether a booking counts on a date: the campaign's validity, RRULE with EXDATE and RDATE, the country's
/// holidays.
[[nodiscard]] bool counts_on(const Campaign& campaign, const Booking& booking,
                             const content::Country& country, std::chrono::local_days day);
/// Whether a date passes a rule by the country's sets of holidays.
[[nodiscard]] bool passes(const HolidayRule& rule, const content::Country& country,
                          std::chrono::local_days day);

[[nodiscard]] bool valid_on(const Campaign& campaign, std::chrono::local_days day);

}  // namespace riverlight::scheduler
