#include "scheduler/campaign/check.hpp"

#include <algorithm>

#include "scheduler/campaign/audience.hpp"
#include "scheduler/campaign/check_parts.hpp"
#include "scheduler/campaign/cost.hpp"

namespace riverlight::scheduler {
namespace {

void check_booking(Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach) {
    check_segments(check, campaign, booking, reach);
    if (reach.empty()) return;
    check_holidays(check, "booking " + booking.id, booking.line, booking.holidays, reach);
    for (const auto& name : booking.dayparts) {
        if (const auto part = check.schedule.dayparts.find(name); part != check.schedule.dayparts.end())
            check_holidays(check, "daypart " + name, booking.line, part->second.holidays, reach);
    }
    check_ratings(check, booking, reach);
    check_days(check, campaign, booking, reach);
}

}  // namespace

Reach reach_of(const Check& check, const Campaign& campaign) {
    Reach reach;
    for (const auto& [code, country] : check.catalogue.countries) {
        for (const auto& place : country.places) {
            if (place.schedule == check.schedule.name && meets(campaign.audience, place))
                reach[code].push_back(&place);
        }
    }
    return reach;
}

std::vector<Finding> check_schedule(const Schedule& schedule, const content::Catalogue& catalogue,
                                    const std::string& file, std::optional<std::chrono::local_days> today) {
    Check check{schedule, catalogue, file, today};
    for (const auto& campaign : schedule.campaigns) {
        const auto reach = reach_of(check, campaign);
        check_audience(check, campaign, reach);
        check_dates(check, campaign);
        for (const auto& booking : campaign.bookings) check_booking(check, campaign, booking, reach);
    }
    if (auto finding = find_too_costly(schedule, catalogue, file))
        check.findings.push_back(*std::move(finding));
    std::stable_sort(check.findings.begin(), check.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.line < b.line; });
    return std::move(check.findings);
}

}  // namespace riverlight::scheduler
