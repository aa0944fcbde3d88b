#pragma once
#include <chrono>
#include <vector>

#include "scheduler/campaign/schedule.hpp"

namespace riverlight::scheduler {

/// True if the audience includes the place: every list that is not empty must name it, or one of its
/// languages or tags.
[[nodiscard]] bool meets(const Audience& audience, const content::Place& place);

/// The languages in which a campaign airs at a place, with the place's shares and in its order.
[[nodiscard]] std::vector<content::LanguageShare> languages_for(const Audience& audience,
                                                                const content::Place& place);

/// True if a booking counts on a date: by the campaign's validity, its RRULE, EXDATE and RDATE, and the
/// country's holidays.
[[nodiscard]] bool counts_on(const Campaign& campaign, const Booking& booking,
                             const content::Country& country, std::chrono::local_days day);
/// True if the rule allows the date, given the country's sets of holidays.
[[nodiscard]] bool passes(const HolidayRule& rule, const content::Country& country,
                          std::chrono::local_days day);

/// True if `day` is within the campaign's dates.
[[nodiscard]] bool valid_on(const Campaign& campaign, std::chrono::local_days day);

}  // namespace riverlight::scheduler
