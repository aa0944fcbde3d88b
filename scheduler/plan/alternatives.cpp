#include "scheduler/plan/alternatives.hpp"

#include <algorithm>

#include "scheduler/campaign/audience.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/locale.hpp"
#include "scheduler/plan/windows.hpp"

namespace riverlight::scheduler {
namespace {

/// Decides which bookings and segments may air at one place and time.
class Eligibility {
  public:
    Eligibility(const Schedule& schedule, const content::Catalogue& catalogue,
                const content::Country& country, const content::Place& place, const AlternativeQuery& query)
        : catalogue_(catalogue),
          country_(country),
          place_(place),
          query_(query),
          day_(broadcast_day_of(schedule, place.zone, query.when.from)),
          windows_(schedule, country, place, day_) {}

    [[nodiscard]] bool allows(const Campaign& campaign, const Booking& booking) {
        return booking.kind == BookingKind::filler && meets(campaign.audience, place_) &&
               counts_on(campaign, booking, country_, day_.day) &&
               covers_query(windows_.open(campaign, booking));
    }

    /// The locale in which the segment may air; empty: it may not.
    [[nodiscard]] std::string locale_of(const std::string& id) {
        const auto found = catalogue_.segments.find(id);
        if (found == catalogue_.segments.end()) return {};
        const auto& segment = found->second;
        const bool kept_apart = country_.hours.from_children.count() > 0;
        if (kept_apart && (segment.for_children || segment.rating != content::Rating::general)) return {};
        if (!covers_query(windows_.rating_hours(segment.rating))) return {};
        return choose_locale(segment, country_, place_, query_.locale_asked, query_.when.from,
                             query_.when.until);
    }

  private:
    /// What runs past the end of the broadcast day is checked up to there.
    [[nodiscard]] bool covers_query(const std::vector<Span>& spans) const {
        return covers(spans, query_.when.from, std::min(query_.when.until, day_.until));
    }

    const content::Catalogue& catalogue_;
    const content::Country& country_;
    const content::Place& place_;
    const AlternativeQuery& query_;
    LocalDay day_;
    DayWindows windows_;
};

std::vector<const Campaign*> by_priority(const Schedule& schedule) {
    std::vector<const Campaign*> campaigns;
    for (const auto& campaign : schedule.campaigns) campaigns.push_back(&campaign);
    std::stable_sort(campaigns.begin(), campaigns.end(),
                     [](const auto* a, const auto* b) { return a->priority > b->priority; });
    return campaigns;
}

}  // namespace

std::vector<AlternativeFiller> find_alternatives(const Schedule& schedule,
                                                 const content::Catalogue& catalogue,
                                                 const content::Place& place, const AlternativeQuery& query) {
    std::vector<AlternativeFiller> out;
    const auto* country = catalogue.country_of(place);
    if (!country || query.when.from >= query.when.until) return out;
    Eligibility eligibility(schedule, catalogue, *country, place, query);
    for (const auto* campaign : by_priority(schedule)) {
        for (const auto& booking : campaign->bookings) {
            if (!eligibility.allows(*campaign, booking)) continue;
            const auto count = booking.segments.size();
            for (std::size_t i = 0; i < count && out.size() < query.most; ++i) {
                const auto& id = booking.segments[(i + query.first) % count];
                const bool known =
                    id == query.failed_segment ||
                    std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.segment == id; });
                if (known) continue;
                if (auto locale = eligibility.locale_of(id); !locale.empty())
                    out.push_back({campaign->id, booking.id, id, std::move(locale)});
            }
        }
    }
    return out;
}

}  // namespace riverlight::scheduler
