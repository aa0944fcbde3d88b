#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "content/base/suggest.hpp"
#include "scheduler/campaign/schedule.hpp"

/// The parts of check_schedule, one file each. Inside `scheduler/campaign` only.
namespace riverlight::scheduler {

/// The state of one check. Views its arguments.
struct Check {
    const Schedule& schedule;
    const content::Catalogue& catalogue;
    const std::string& file;
    std::optional<std::chrono::local_days> today;
    std::vector<Finding> findings{};
    std::set<std::string> reported{};  ///< see is_first
    int days_tried = 0;                ///< days for which a recurrence was expanded, over all bookings

    /// `meant`: the known name nearest to an unknown one; empty: none.
    void add(int line, bool error, const std::string& message, const std::string& meant = {}) {
        findings.push_back({file, line, error, message + suggestion_of(meant), meant});
    }
    void warn(int line, const std::string& message, const std::string& meant = {}) {
        add(line, false, message, meant);
    }
    /// True for the first call with this key: one finding is enough for it.
    [[nodiscard]] bool is_first(const std::string& key) { return reported.insert(key).second; }
};

/// The places that follow the schedule and match a campaign's audience, by country.
using Reach = std::map<std::string, std::vector<const content::Place*>>;
[[nodiscard]] Reach reach_of(const Check& check, const Campaign& campaign);

/// Warns of an audience that no place matches, and of names that no place has.
void check_audience(Check& check, const Campaign& campaign, const Reach& reach);
/// Warns of sets of holidays that no country of the campaign has.
void check_holidays(Check& check, const std::string& where, int line, const HolidayRule& rule,
                    const Reach& reach);
/// Reports segments that the channel lacks, and warns of those not cleared, or not in a language, where they
/// are booked.
void check_segments(Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach);
/// Warns of ratings whose hours never overlap the booking's.
void check_ratings(Check& check, const Booking& booking, const Reach& reach);
/// Warns of campaigns that are over.
void check_dates(Check& check, const Campaign& campaign);
/// Warns of bookings that count on no day of their campaign.
void check_days(Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach);

}  // namespace riverlight::scheduler
