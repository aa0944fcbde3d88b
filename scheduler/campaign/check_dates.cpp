#include <algorithm>

#include "content/base/instant.hpp"
#include "scheduler/campaign/audience.hpp"
#include "scheduler/campaign/check_parts.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

/// A rule with no day within this span counts as having none.
constexpr days horizon{800};
/// Expanding a recurrence costs more the later the day, so a whole schedule may try this many days.
constexpr int most_days_tried = 20'000;

local_days date_of(const Moment& moment) {
    if (const auto* local = std::get_if<local_seconds>(&moment)) return floor<days>(*local);
    return local_days{floor<days>(std::get<Instant>(moment)).time_since_epoch()};
}

bool counts_anywhere(const Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach,
                     local_days day) {
    return std::any_of(reach.begin(), reach.end(), [&](const auto& country) {
        return counts_on(campaign, booking, check.catalogue.countries.at(country.first), day);
    });
}

/// The first day on which the booking may count: its campaign's, or today if that is later or has none.
std::optional<local_days> first_day(const Check& check, const Campaign& campaign) {
    if (campaign.from && check.today) return std::max(*campaign.from, *check.today);
    return campaign.from ? campaign.from : check.today;
}

}  // namespace

void check_dates(Check& check, const Campaign& campaign) {
    if (!check.today) return;
    const auto where = "campaign " + campaign.id + ": ";
    if (campaign.until && *campaign.until < *check.today) {
        check.warn(campaign.line, where + "is over since " + to_iso(*campaign.until) +
                                      "; give it a later 'until', or take it out");
    } else if (campaign.expiry && date_of(*campaign.expiry) < *check.today) {
        check.warn(campaign.line, where + "expired on " + to_iso(date_of(*campaign.expiry)) +
                                      "; give it a later 'expiry', or take it out");
    }
}

void check_days(Check& check, const Campaign& campaign, const Booking& booking, const Reach& reach) {
    const auto first = first_day(check, campaign);
    const bool over = campaign.until && check.today && *campaign.until < *check.today;
    if (!first || over || booking.kind == BookingKind::takeover) return;
    auto last = *first + horizon;
    if (campaign.until) last = std::min(last, *campaign.until);
    for (auto day = *first; day <= last; day += days{1}) {
        if (++check.days_tried > most_days_tried || counts_anywhere(check, campaign, booking, reach, day))
            return;
    }
    check.warn(booking.line, "booking " + booking.id +
                                 ": none of its days (recurrence, exdates, rdates, "
                                 "holidays) is between " +
                                 to_iso(*first) + " and " + to_iso(last) +
                                 ", so it does not air; correct them, or the campaign's dates");
}

}  // namespace riverlight::scheduler
