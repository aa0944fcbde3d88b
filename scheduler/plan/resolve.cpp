#include "scheduler/plan/resolve.hpp"

#include <algorithm>
#include <cassert>
#include <unordered_map>

#include "content/base/error.hpp"
#include "scheduler/campaign/audience.hpp"
#include "scheduler/plan/edges.hpp"
#include "scheduler/plan/locale.hpp"
#include "scheduler/plan/windows.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using content::Country;
using content::Manifest;
using content::Place;
using content::Rating;

constexpr auto unknown_segment = UINT32_MAX;

const Country& country_of(const content::Catalogue& catalogue, const Place& place) {
    const auto* country = catalogue.country_of(place);
    if (!country) throw Error("place '" + place.id + "': no country '" + place.country + "' in the channel");
    return *country;
}

class Resolver {
  public:
    Resolver(const Schedule& schedule, const content::Catalogue& catalogue, const Place& place,
             const LocalDay& day)
        : schedule_(schedule),
          catalogue_(catalogue),
          place_(place),
          country_(country_of(catalogue, place)),
          date_(day.day),
          windows_(schedule, country_, place, day),
          clearances_(country_) {
        day_.from = day.from;
        day_.until = day.until;
        day_.length = duration_cast<milliseconds>(day.until - day.from);
        assert(day_.length >= milliseconds{});
        day_.place_open = intervals(windows_.place_open());
        day_.children_distance = country_.hours.from_children;
    }

    Day run() {
        for (const auto& campaign : schedule_.campaigns) {
            if (!meets(campaign.audience, place_)) continue;
            for (const auto& booking : campaign.bookings) add_booking(campaign, booking);
        }
        collect_separations();
        number_topics();
        mark_children();
        for (auto& booking : day_.bookings) {
            if (booking.booking->share_percent > 0)
                booking.share_base = total_length(allowed_for_any(booking));
        }
        trim_day_edges(day_, local_bookings_, schedule_, country_, place_, date_);
        return std::move(day_);
    }

  private:
    void add_booking(const Campaign& campaign, const Booking& booking) {
        auto segments = keys_of(booking.segments), padding = keys_of(booking.filler);
        const bool today = counts_on(campaign, booking, country_, date_);
        if (today) add_day_booking(campaign, booking, segments, padding);
        segments.insert(segments.end(), padding.begin(), padding.end());
        std::erase(segments, unknown_segment);
        local_bookings_.push_back({&campaign, &booking, std::move(segments), today});
    }

    std::vector<SegmentIndex> keys_of(const std::vector<std::string>& ids) {
        std::vector<SegmentIndex> keys;
        keys.reserve(ids.size());
        for (const auto& id : ids) {
            const auto found = catalogue_.segments.find(id);
            keys.push_back(found == catalogue_.segments.end() ? unknown_segment : key_of(found->second));
        }
        return keys;
    }
    SegmentIndex key_of(const Manifest& segment) {
        const auto [at, is_new] =
            keys_.try_emplace(&segment, static_cast<SegmentIndex>(day_.segments.size()));
        if (is_new) day_.segments.emplace_back().segment = &segment;
        return at->second;
    }

    /// Rounded inward to milliseconds.
    std::vector<Interval> intervals(const std::vector<Span>& spans) const {
        std::vector<Interval> out;
        out.reserve(spans.size());
        for (const auto& span : spans)
            out.push_back(
                {day_.time_of(span.from), day_begin + duration_cast<milliseconds>(span.until - day_.from)});
        return out;
    }

    void report_impossible(const DayBooking& booking, const std::string& segment, Obstacle why,
                           std::string reason) {
        day_.impossible.push_back({booking.campaign->id,
                                   booking.booking->id,
                                   segment,
                                   day_.from,
                                   1,
                                   why,
                                   std::move(reason),
                                   {},
                                   day_.until});
    }

    /// The cleared locales of a segment for each language of the place, in order of preference. A locale that
    /// is cleared all day ends a language's list: the later ones would never be chosen.
    void collect_locales(SegmentFacts& facts) {
        const auto& segment = *facts.segment;
        const auto cleared = [&](std::string_view locale) {
            for (const auto& known : facts.locales)
                for (const auto& one : known)
                    if (one.locale == locale) return one.when;
            return intervals(cleared_spans(segment, clearances_.of(segment.id), locale, place_.zone,
                                           {day_.from, day_.until}));
        };
        facts.locales.reserve(place_.languages.size());
        for (const auto& language : place_.languages) {
            std::vector<ClearedLocale> locales;
            const auto add = [&](std::string_view locale) {
                if (!segment.locales.contains(std::string(locale))) return false;
                auto when = cleared(locale);
                const bool all_day = covers(when, day_begin, day_.end());
                if (!when.empty()) locales.push_back({locale, std::move(when)});
                return all_day;
            };
            // The language itself comes first in its chain, and mostly is all that is needed.
            if (!add(language.language)) {
                locales.clear();
                const auto chain = locale_chain(segment, place_, language.language);
                static_cast<void>(std::any_of(chain.begin(), chain.end(), add));
            }
            facts.locales.push_back(std::move(locales));
        }
    }

    /// `hours` as far as one locale is cleared throughout; each interval once.
    static std::vector<Interval> cleared_hours(const std::vector<Interval>& hours,
                                               const SegmentFacts& facts) {
        std::vector<Interval> allowed;
        const auto add = [&](const Interval& a, const Interval& b) {
            const Interval both{std::max(a.from, b.from), std::min(a.until, b.until)};
            if (both.from < both.until && !covers(allowed, both.from, both.until)) allowed.push_back(both);
        };
        for (const auto& locales : facts.locales)
            for (const auto& locale : locales)
                for (const auto& open : hours)
                    for (const auto& cleared : locale.when) add(open, cleared);
        return allowed;
    }

    /// `ids`: the list that the item is from; `position`: where in it.
    void add_item(SegmentIndex key, int position, const std::vector<Span>& open, DayBooking& booking,
                  std::vector<Item>& items, const std::vector<std::string>& ids) {
        const auto at = static_cast<std::size_t>(position);
        if (key == unknown_segment)
            return report_impossible(booking, ids[at], Obstacle::unknown_segment,
                                     "the channel holds no segment of that name");
        auto& facts = day_.segments[key];
        const auto& segment = *facts.segment;
        if (facts.locales.empty()) collect_locales(facts);
        if (std::all_of(facts.locales.begin(), facts.locales.end(), [](const auto& l) { return l.empty(); }))
            return report_impossible(booking, segment.id, Obstacle::not_cleared,
                                     "no locale of revision " + std::to_string(segment.revision) +
                                         " that this place understands is cleared in " + country_.code);
        const auto hours = segment.rating == Rating::general
                               ? booking.open
                               : intervals(intersection(open, windows_.rating_hours(segment.rating)));
        if (hours.empty())
            return report_impossible(booking, segment.id, Obstacle::rating,
                                     "its rating '" + std::string(content::to_text(segment.rating)) +
                                         "' has no hours inside the booking's dayparts");
        auto allowed = cleared_hours(hours, facts);
        if (allowed.empty())
            return report_impossible(
                booking, segment.id, Obstacle::not_cleared,
                "it is not cleared in " + country_.code + " at the hours in which it may air");
        const auto& weights = booking.booking->weights;
        items.push_back({&segment, key, position, at < weights.size() ? weights[at] : 1, segment.duration,
                         never, std::move(allowed)});
    }

    void add_day_booking(const Campaign& campaign, const Booking& booking,
                         const std::vector<SegmentIndex>& segments,
                         const std::vector<SegmentIndex>& padding) {
        const auto open = windows_.open(campaign, booking);
        DayBooking out;
        out.campaign = &campaign;
        out.booking = &booking;
        out.priority = campaign.priority;
        if (open.empty()) return report_never_open(out);
        out.open = intervals(open);
        out.languages = languages_for(campaign.audience, place_);
        for (const auto& l : out.languages) {
            const auto at = std::find_if(place_.languages.begin(), place_.languages.end(),
                                         [&](const auto& p) { return p.language == l.language; });
            assert(at != place_.languages.end());
            out.place_languages.push_back(static_cast<std::size_t>(at - place_.languages.begin()));
        }
        out.separation = booking.separation;
        out.topic_separation = booking.topic_separation;
        out.items.reserve(segments.size());
        for (int i = 0; const auto key : segments) add_item(key, i++, open, out, out.items, booking.segments);
        for (int i = 0; const auto key : padding) add_item(key, i++, open, out, out.padding, booking.filler);
        if (!out.items.empty()) day_.bookings.push_back(std::move(out));
    }

    /// Reports a booking that embargo, expiry or opening hours keep off the air all day. One whose dayparts
    /// do not fall on this day is reported only if it has a start time of its own.
    void report_never_open(const DayBooking& booking) {
        if (windows_.life(*booking.campaign).empty()) {
            if (!booking.is(BookingKind::takeover))
                report_impossible(
                    booking, "", Obstacle::embargo,
                    "campaign " + booking.campaign->id + " is under embargo, or expired, all day");
        } else if (windows_.place_open().empty()) {
            if (booking.is_run())
                report_impossible(booking, "", Obstacle::closed, "the place is closed all day");
        } else if (!windows_.booked(*booking.campaign, *booking.booking).empty()) {
            report_impossible(booking, "", Obstacle::closed, "the place is closed at all of its hours");
        } else if (booking.is_run()) {
            report_impossible(booking, "", Obstacle::window, "none of its dayparts falls on this day");
        }
    }

    template <class Work>
    void for_each_item(const Work& work) {
        for (const auto& booking : day_.bookings) {
            for (const auto& item : booking.items) work(booking, item);
            for (const auto& item : booking.padding) work(booking, item);
        }
    }

    void collect_separations() {
        for_each_item([&](const DayBooking& booking, const Item& item) {
            auto& facts = day_.segments[item.key];
            facts.widest_separation = std::max(facts.widest_separation, booking.separation);
            if (booking.is(BookingKind::rotation) && booking.separation > milliseconds{})
                facts.rotation_only.insert(facts.rotation_only.end(), booking.open.begin(),
                                           booking.open.end());
        });
        // Each once: many bookings may have the same hours.
        const auto as_pair = [](const Interval& one) { return std::pair(one.from, one.until); };
        for (auto& facts : day_.segments) {
            auto& hours = facts.rotation_only;
            std::sort(hours.begin(), hours.end(),
                      [&](const Interval& a, const Interval& b) { return as_pair(a) < as_pair(b); });
            hours.erase(
                std::unique(hours.begin(), hours.end(),
                            [&](const Interval& a, const Interval& b) { return as_pair(a) == as_pair(b); }),
                hours.end());
        }
    }

    /// Only topics that some booking keeps apart get a number.
    void number_topics() {
        std::unordered_map<std::string_view, std::uint32_t> topics;
        for_each_item([&](const DayBooking& booking, const Item& item) {
            if (booking.topic_separation == milliseconds{}) return;
            for (const auto& topic : item.segment->topics) {
                const auto [at, is_new] = topics.emplace(topic, static_cast<std::uint32_t>(topics.size()));
                if (is_new) day_.topic_separations.emplace_back();
                auto& widest = day_.topic_separations[at->second];
                widest = std::max(widest, booking.topic_separation);
            }
        });
        if (topics.empty()) return;
        for (auto& facts : day_.segments) {
            for (const auto& topic : facts.segment->topics) {
                if (const auto found = topics.find(topic); found != topics.end())
                    facts.topics.push_back(found->second);
            }
        }
    }

    void mark_children() {
        if (day_.children_distance == milliseconds{}) return;
        for (auto& facts : day_.segments) {
            facts.child = facts.segment->for_children;
            facts.rated = facts.segment->rating != Rating::general && !facts.child;
        }
    }

    const Schedule& schedule_;
    const content::Catalogue& catalogue_;
    const Place& place_;
    const Country& country_;
    local_days date_;
    Day day_;
    DayWindows windows_;
    ClearanceIndex clearances_;
    std::unordered_map<const Manifest*, SegmentIndex> keys_;
    std::vector<LocalBooking> local_bookings_;
};

}  // namespace

Day resolve(const Schedule& schedule, const content::Catalogue& catalogue, const Place& place,
            const LocalDay& day) {
    return Resolver(schedule, catalogue, place, day).run();
}

}  // namespace riverlight::scheduler
