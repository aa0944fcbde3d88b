#pragma once
#include <vector>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

/// A segment that a booking may air at this place on this day, and when.
struct Playable {
    const content::Manifest* segment = nullptr;
    std::vector<Span> allowed;  ///< the booking's windows inside the rating's hours; merged
};

/// A booking as it stands for one place and day: who hears it, what of it may air, when. Views the schedule
/// and the catalogue.
struct Resolved {
    const Campaign* campaign = nullptr;
    const Booking* booking = nullptr;
    std::vector<Span> open;          ///< the booking's windows of the day; merged
    std::vector<Playable> segments;  ///< in the booking's order; none without a cleared locale
    std::vector<content::LanguageShare> languages;
};

/// The bookings of `schedule` that concern `place` on `day`. What of them cannot air at all there becomes a
/// Shortfall of `plan`.
[[nodiscard]] std::vector<Resolved> resolve(const Schedule& schedule, const content::Catalogue& catalogue,
                                            const content::Country& country, const content::Place& place,
                                            Plan& plan);

}  // namespace riverlight::scheduler
