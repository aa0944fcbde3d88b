#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scheduler/campaign/schedule.hpp"

/// The parts of check_schedule, a file each. All views; nothing here outlives the call.
namespace riverlight::scheduler {

/// What one check carries from booking to booking.
struct Check {
    const Schedule& schedule;
    const content::Catalogue& catalogue;
    const std::string& file;
    std::optional<std::chrono::local_days> today;
    std::vector<Finding> findings{};
    std::set<std::string> said{};  ///< what one finding is enough for
    int days_tried = 0;            ///< recurrence looked up so far, over all bookings

    void add(int line, bool error, std::string message) {
        findings.push_back({file, line, error, std::move(message)});
    }
    void warn(int line, std::string message) { add(line, false, std::move(message)); }
    /// True the first time that it is asked for this.
    [[nodiscard]] bool first_time(const std::string& what) { return said.insert(what).second; }
};

/// Where a campaign airs: the places that follow the schedule and meet its audience, by country.
using Reach = std::map<std::string, std::vector<const content::Place*>>;
[[nodiscard]] Reach reach_of(const Check& check, const Campaign& campaign);

/// Which part of an audience leaves no place, and names that no country knows.
void check_audience(Check& check, const Campaign& campaign, const Reach& reach);
/// Sets of holidays that no country of the campaign has.
void check_holidays(Check& check, const std::string& where, int line, const HolidayRule& rule,
                    const Reach& reach);
/// Segments that the channel lacks, that are not cleared where they are booked, or not in a language there.
void check_segments(Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach);
/// Ratings whose hours never meet those of the booking.
void check_ratings(Check& check, const Booking& booking, const Reach& reach);
/// Campaigns that are over, bookings that no day of their campaign has.
void check_dates(Check& check, const Campaign& campaign);
void check_days(Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach);

}  // namespace riverlight::scheduler
