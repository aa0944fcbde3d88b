#include "scheduler/plan/stand_in.hpp"

#include <algorithm>

#include "scheduler/campaign/audience.hpp"
#include "scheduler/plan/plan.hpp"
#include "scheduler/plan/windows.hpp"

namespace riverlight::scheduler {
namespace {

/// One place and one time, asked about filler by filler.
class Question {
  public:
    Question(const Schedule& schedule, const content::Catalogue& catalogue, const content::Country& country,
             const content::Place& place, std::string_view asked, const Span& when)
        : catalogue_(catalogue),
          country_(country),
          place_(place),
          asked_(asked),
          when_(when),
          day_(broadcast_day_of(schedule, place.zone, when.from)),
          windows_(schedule, country, place, day_) {}

    [[nodiscard]] bool open(const Campaign& campaign, const Booking& booking) {
        return booking.kind == BookingKind::filler && meets(campaign.audience, place_) &&
               counts_on(campaign, booking, country_, day_.day) && covers(within(campaign, booking));
    }
    /// Empty: it may not be on.
    [[nodiscard]] std::string locale_of(const std::string& id) {
        const auto found = catalogue_.segments.find(id);
        if (found == catalogue_.segments.end()) return {};
        const auto& segment = found->second;
        const bool apart = country_.hours.from_children.count() > 0;
        if (apart && (segment.for_children || segment.rating != content::Rating::general)) return {};
        if (!covers(windows_.rating_hours(segment.rating))) return {};
        return choose_locale(segment, country_, place_, asked_, when_.from, when_.until);
    }

  private:
    std::vector<Span> within(const Campaign& campaign, const Booking& booking) {
        return windows_.open(campaign, booking);
    }
    /// What reaches over the broadcast day's end is asked for as far as that.
    [[nodiscard]] bool covers(const std::vector<Span>& spans) const {
        return scheduler::covers(spans, when_.from, std::min(when_.until, day_.until));
    }

    const content::Catalogue& catalogue_;
    const content::Country& country_;
    const content::Place& place_;
    std::string_view asked_;
    Span when_;
    LocalDay day_;
    DayWindows windows_;
};

}  // namespace

std::vector<StandIn> stand_ins_for(const Schedule& schedule, const content::Catalogue& catalogue,
                                   const content::Place& place, std::string_view asked,
                                   const std::string& broken, const Span& when, std::size_t turn,
                                   std::size_t most) {
    std::vector<StandIn> out;
    const auto* country = catalogue.country_of(place);
    if (!country || when.from >= when.until) return out;
    Question question(schedule, catalogue, *country, place, asked, when);
    std::vector<const Campaign*> campaigns;
    for (const auto& campaign : schedule.campaigns) campaigns.push_back(&campaign);
    std::stable_sort(campaigns.begin(), campaigns.end(),
                     [](const auto* a, const auto* b) { return a->priority > b->priority; });
    for (const auto* campaign : campaigns) {
        for (const auto& booking : campaign->bookings) {
            if (!question.open(*campaign, booking)) continue;
            const auto count = booking.segments.size();
            for (std::size_t i = 0; i < count && out.size() < most; ++i) {
                const auto& id = booking.segments[(i + turn) % count];
                const bool known = id == broken || std::any_of(out.begin(), out.end(), [&](const auto& s) {
                                       return s.segment == id;
                                   });
                if (known) continue;
                if (auto locale = question.locale_of(id); !locale.empty())
                    out.push_back({campaign->id, booking.id, id, std::move(locale)});
            }
        }
    }
    return out;
}

}  // namespace riverlight::scheduler
