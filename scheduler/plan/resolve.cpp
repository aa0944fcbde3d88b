#include "scheduler/plan/resolve.hpp"

#include <algorithm>
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
        day_.length = duration_cast<milliseconds>(day.until - day.from).count();
        day_.place_open = stretches(windows_.place_open());
        day_.from_children = milliseconds(country_.hours.from_children).count();
    }

    Day run() {
        for (const auto& campaign : schedule_.campaigns) {
            if (!meets(campaign.audience, place_)) continue;
            for (const auto& booking : campaign.bookings) add_booking(campaign, booking);
        }
        note_separations();
        note_topics();
        note_children();
        for (auto& claim : day_.claims) {
            if (claim.booking->share_percent > 0) claim.share_of = length_of(allowed_for_any(claim));
        }
        keep_edges(day_, near_, schedule_, country_, place_, date_);
        return std::move(day_);
    }

  private:
    void add_booking(const Campaign& campaign, const Booking& booking) {
        auto segments = keys_of(booking.segments), padding = keys_of(booking.filler);
        const bool today = counts_on(campaign, booking, country_, date_);
        if (today) add_claim(campaign, booking, segments, padding);
        segments.insert(segments.end(), padding.begin(), padding.end());
        std::erase(segments, unknown_segment);
        near_.push_back({&campaign, &booking, std::move(segments), today});
    }

    std::vector<std::uint32_t> keys_of(const std::vector<std::string>& ids) {
        std::vector<std::uint32_t> keys;
        keys.reserve(ids.size());
        for (const auto& id : ids) {
            const auto found = catalogue_.segments.find(id);
            keys.push_back(found == catalogue_.segments.end() ? unknown_segment : key_of(found->second));
        }
        return keys;
    }
    std::uint32_t key_of(const Manifest& segment) {
        const auto [at, fresh] =
            keys_.try_emplace(&segment, static_cast<std::uint32_t>(day_.segments.size()));
        if (fresh) day_.segments.emplace_back().segment = &segment;
        return at->second;
    }

    std::vector<Stretch> stretches(const std::vector<Span>& spans) const {
        std::vector<Stretch> out;
        out.reserve(spans.size());
        for (const auto& s : spans)
            out.push_back({day_.tick(s.from), duration_cast<milliseconds>(s.until - day_.from).count()});
        return out;
    }

    void impossible(const Claim& claim, const std::string& segment, Obstacle why, std::string reason) {
        day_.impossible.push_back({claim.campaign->id,
                                   claim.booking->id,
                                   segment,
                                   day_.from,
                                   1,
                                   why,
                                   std::move(reason),
                                   {},
                                   day_.until});
    }

    /// The locales that a segment has for each language of the place, as far as one is asked after another.
    void note_voices(SegmentFacts& facts) {
        const auto& segment = *facts.segment;
        const auto cleared = [&](std::string_view locale) {
            for (const auto& voices : facts.voices)
                for (const auto& voice : voices)
                    if (voice.locale == locale) return voice.when;
            return stretches(cleared_spans(segment, clearances_.of(segment.id), locale, place_.zone,
                                           {day_.from, day_.until}));
        };
        facts.voices.reserve(place_.languages.size());
        for (const auto& language : place_.languages) {
            std::vector<Voice> voices;
            const auto whole_day = [&](std::string_view locale) {
                if (!segment.locales.contains(std::string(locale))) return false;
                auto when = cleared(locale);
                const bool all = covers(when, 0, day_.length);  // nobody asks further
                if (!when.empty()) voices.push_back({locale, std::move(when)});
                return all;
            };
            // The language itself is the first of its chain, and mostly all that is asked for.
            if (!whole_day(language.language)) {
                voices.clear();
                const auto chain = locale_chain(segment, place_, language.language);
                static_cast<void>(std::any_of(chain.begin(), chain.end(), whole_day));
            }
            facts.voices.push_back(std::move(voices));
        }
    }

    /// When an item may air: its hours, in any one locale that is cleared throughout. Like ones once.
    static std::vector<Stretch> allowed_in(const std::vector<Stretch>& hours, const SegmentFacts& facts) {
        std::vector<Stretch> allowed;
        const auto add = [&](const Stretch& h, const Stretch& w) {
            const Stretch both{std::max(h.from, w.from), std::min(h.until, w.until)};
            if (both.from < both.until && !covers(allowed, both.from, both.until)) allowed.push_back(both);
        };
        for (const auto& voices : facts.voices)
            for (const auto& voice : voices)
                for (const auto& h : hours)
                    for (const auto& w : voice.when) add(h, w);
        return allowed;
    }

    void add_item(std::uint32_t key, int position, const std::vector<Span>& open, Claim& claim,
                  std::vector<Item>& into, const std::vector<std::string>& ids) {
        const auto at = static_cast<std::size_t>(position);
        if (key == unknown_segment)
            return impossible(claim, ids[at], Obstacle::unknown_segment,
                              "the channel holds no segment of that name");
        auto& facts = day_.segments[key];
        const auto& segment = *facts.segment;
        if (facts.voices.empty()) note_voices(facts);
        if (std::all_of(facts.voices.begin(), facts.voices.end(), [](const auto& v) { return v.empty(); }))
            return impossible(claim, segment.id, Obstacle::not_cleared,
                              "no locale of revision " + std::to_string(segment.revision) +
                                  " that this place understands is cleared in " + country_.code);
        const auto in_hours = segment.rating == Rating::general
                                  ? claim.open
                                  : stretches(intersection(open, windows_.rating_hours(segment.rating)));
        if (in_hours.empty())
            return impossible(claim, segment.id, Obstacle::rating,
                              "its rating '" + std::string(content::to_text(segment.rating)) +
                                  "' has no hours inside the booking's dayparts");
        auto allowed = allowed_in(in_hours, facts);
        if (allowed.empty())
            return impossible(claim, segment.id, Obstacle::not_cleared,
                              "it is not cleared in " + country_.code + " at the hours in which it may air");
        const auto& weights = claim.booking->weights;
        into.push_back({&segment, key, position, at < weights.size() ? weights[at] : 1,
                        segment.duration.count(), never, std::move(allowed)});
    }

    void add_claim(const Campaign& campaign, const Booking& booking,
                   const std::vector<std::uint32_t>& segments, const std::vector<std::uint32_t>& padding) {
        const auto open = windows_.open(campaign, booking);
        Claim claim;
        claim.campaign = &campaign;
        claim.booking = &booking;
        claim.priority = campaign.priority;
        if (open.empty()) return closed(claim);
        claim.open = stretches(open);
        claim.languages = languages_for(campaign.audience, place_);
        for (const auto& l : claim.languages) {
            const auto at = std::find_if(place_.languages.begin(), place_.languages.end(),
                                         [&](const auto& p) { return p.language == l.language; });
            claim.places_language.push_back(static_cast<std::size_t>(at - place_.languages.begin()));
        }
        claim.separation = milliseconds(booking.separation).count();
        claim.topic_separation = milliseconds(booking.topic_separation).count();
        claim.items.reserve(segments.size());
        for (int i = 0; const auto key : segments)
            add_item(key, i++, open, claim, claim.items, booking.segments);
        for (int i = 0; const auto key : padding)
            add_item(key, i++, open, claim, claim.padding, booking.filler);
        if (!claim.items.empty()) day_.claims.push_back(std::move(claim));
    }

    /// A time of its own that lies where it may not air is owned up to, and hours at which the place is
    /// closed; windows that are not open today are not, nor is a day of rest.
    void closed(const Claim& claim) {
        if (windows_.life(*claim.campaign).empty()) {
            if (!claim.is(BookingKind::takeover))
                impossible(claim, "", Obstacle::embargo,
                           "campaign " + claim.campaign->id + " is under embargo, or expired, all day");
        } else if (windows_.place_open().empty()) {
            if (claim.is_run()) impossible(claim, "", Obstacle::closed, "the place is closed all day");
        } else if (!windows_.booked(*claim.campaign, *claim.booking).empty()) {
            impossible(claim, "", Obstacle::closed, "the place is closed at all of its hours");
        } else if (claim.is_run()) {
            impossible(claim, "", Obstacle::window, "none of its dayparts falls on this day");
        }
    }

    template <class Work>
    void for_each_item(const Work& work) {
        for (const auto& claim : day_.claims) {
            for (const auto& item : claim.items) work(claim, item);
            for (const auto& item : claim.padding) work(claim, item);
        }
    }

    void note_separations() {
        for_each_item([&](const Claim& claim, const Item& item) {
            auto& facts = day_.segments[item.key];
            facts.widest = std::max(facts.widest, claim.separation);
            if (claim.is(BookingKind::rotation) && claim.separation > 0)
                facts.kept.insert(facts.kept.end(), claim.open.begin(), claim.open.end());
        });
    }

    /// Only topics that some claim keeps apart have a number.
    void note_topics() {
        std::unordered_map<std::string_view, std::uint32_t> topics;
        for_each_item([&](const Claim& claim, const Item& item) {
            if (claim.topic_separation == 0) return;
            for (const auto& topic : item.segment->topics) {
                const auto [at, fresh] = topics.emplace(topic, static_cast<std::uint32_t>(topics.size()));
                if (fresh) day_.topics.emplace_back();
                day_.topics[at->second] = std::max(day_.topics[at->second], claim.topic_separation);
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

    void note_children() {
        if (day_.from_children == 0) return;
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
    std::unordered_map<const Manifest*, std::uint32_t> keys_;
    std::vector<Near> near_;
};

}  // namespace

Day resolve(const Schedule& schedule, const content::Catalogue& catalogue, const Place& place,
            const LocalDay& day) {
    return Resolver(schedule, catalogue, place, day).run();
}

}  // namespace riverlight::scheduler
