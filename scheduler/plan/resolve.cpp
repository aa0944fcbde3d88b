#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>

#include "content/base/crypto.hpp"
#include "scheduler/campaign/audience.hpp"
#include "scheduler/plan/day.hpp"
#include "scheduler/plan/locale.hpp"

namespace riverlight::scheduler {

using namespace std::chrono;
using content::Country;
using content::Manifest;
using content::Place;
using content::Rating;

bool covers(const std::vector<Stretch>& stretches, Tick from, Tick until) {
    return std::any_of(stretches.begin(), stretches.end(),
                       [&](const Stretch& s) { return s.from <= from && until <= s.until; });
}

Tick first_fit(const std::vector<Stretch>& stretches, Tick from, Tick length) {
    Tick first = never;
    for (const auto& s : stretches) {
        const auto start = std::max(from, s.from);
        if (start + length <= s.until) first = std::min(first, start);
    }
    return first;
}

Tick Day::tick(Instant at) const {
    return ceil<milliseconds>(at - from).count();
}

std::uint64_t salt_of(std::uint64_t seed, const std::string& place, local_days day,
                      const std::string& booking) {
    const auto hex = sha256_hex(std::to_string(seed) + '\n' + place + '\n' + to_iso(day) + '\n' + booking);
    return std::stoull(hex.substr(0, 15), nullptr, 16);
}

namespace {

/// What a distance that reaches over the day's ends leaves of the day, so that days planned apart keep it.
/// What has no time of its own stays half of it away from either end; fixed bookings and blocks of the days
/// before and after are known by their hours.
struct Edges {
    Tick half_from = 0, half_until = 0;  ///< twice the least time between a start and the day's ends
    Tick after_run = 0;                  ///< no start before this: the day before may end with a run
    Tick before_run = never;             ///< no start after this but a run's own: the next may begin with one
    Tick after_takeover = 0;             ///< no start before this: a takeover of the day before

    void take(const Edges& more) {
        half_from = std::max(half_from, more.half_from);
        half_until = std::max(half_until, more.half_until);
        after_run = std::max(after_run, more.after_run);
        before_run = std::min(before_run, more.before_run);
        after_takeover = std::max(after_takeover, more.after_takeover);
    }
};

class Resolver {
  public:
    Resolver(const Schedule& schedule, const content::Catalogue& catalogue, const Place& place,
             const LocalDay& day)
        : schedule_(schedule),
          catalogue_(catalogue),
          place_(place),
          date_(day.day),
          clearances_(country_of(catalogue, place)) {
        const auto* country = country_ = &country_of(catalogue, place);
        day_.from = day.from;
        day_.until = day.until;
        day_.length = duration_cast<milliseconds>(day.until - day.from).count();
        day_.from_children = milliseconds(country->hours.from_children).count();
    }

    Day run() {
        for (const auto& campaign : schedule_.campaigns) {
            if (!meets(campaign.audience, place_)) continue;
            for (const auto& booking : campaign.bookings) {
                note_distances(campaign, booking);
                if (counts(campaign, booking, date_)) add_claim(campaign, booking);
            }
        }
        keep_for_rotations();
        keep_apart_from_children();
        if (apart_) {
            for (const auto& [campaign, booking] : near_) note_edges(*campaign, *booking);
        }
        keep_edges();
        return std::move(day_);
    }

  private:
    static const Country& country_of(const content::Catalogue& catalogue, const Place& place) {
        const auto* country = catalogue.country_of(place);
        if (!country)
            throw Error("place '" + place.id + "': no country '" + place.country + "' in the channel");
        return *country;
    }
    bool counts(const Campaign& campaign, const Booking& booking, local_days date) const {
        return counts_on(campaign, booking, *country_, date);
    }
    std::vector<Span> whole() const { return {{day_.from, day_.until}}; }

    std::vector<Span> windows(unsigned weekdays, minutes from, minutes until) const {
        std::vector<Span> spans;
        // The broadcast day may take in hours of two calendar dates.
        for (const auto date : {date_, date_ + days{1}}) {
            const auto more = window_on(date, weekdays, from, until, place_.zone);
            spans.insert(spans.end(), more.begin(), more.end());
        }
        return intersection(merged(std::move(spans)), whole());
    }

    /// A schedule's windows go by broadcast dates: only the part that starts on this one or, where it crosses
    /// the day's end, on the one before.
    std::vector<Span> daypart(const Daypart& part) const {
        std::vector<Span> spans;
        const auto end = part.until > part.from ? part.until : part.until + hours{24};
        for (const auto date : {date_ - days{1}, date_}) {
            const auto bit = 1U << (weekday{date}.iso_encoding() - 1);
            if ((part.weekdays & bit) == 0 || !passes(part.holidays, *country_, date)) continue;
            const auto shift = part.from < schedule_.day_start ? days{1} : days{0};
            const Span span{std::max(day_.from, instant_of(date + shift, part.from, place_.zone)),
                            std::min(day_.until, instant_of(date + shift, end, place_.zone))};
            if (span.from < span.until) spans.push_back(span);
        }
        return spans;
    }

    std::vector<Span> open_windows(const Campaign& campaign, const Booking& booking) const {
        auto spans = whole();
        if (!booking.dayparts.empty()) {
            spans.clear();
            for (const auto& name : booking.dayparts) {
                const auto found = schedule_.dayparts.find(name);
                if (found == schedule_.dayparts.end()) continue;
                const auto more = daypart(found->second);
                spans.insert(spans.end(), more.begin(), more.end());
            }
            spans = merged(std::move(spans));
        }
        return intersection(spans, open_life(campaign));
    }

    /// The part of the day between a campaign's embargo and its expiry.
    std::vector<Span> open_life(const Campaign& campaign) const {
        auto life = whole();
        if (campaign.embargo) life[0].from = std::max(day_.from, instant_of(*campaign.embargo, place_.zone));
        if (campaign.expiry) life[0].until = std::min(day_.until, instant_of(*campaign.expiry, place_.zone));
        if (life[0].from >= life[0].until) return {};
        return life;
    }

    const std::vector<Span>& rating_hours(Rating rating) {
        auto& known = rating_hours_[static_cast<std::size_t>(rating)];
        if (known) return *known;
        if (rating == Rating::general) return known.emplace(whole());
        std::vector<Span> spans;
        for (const auto& hours : rating == Rating::late ? country_->hours.late : country_->hours.guidance) {
            const auto more = windows(0x7f, hours.from, hours.until);
            spans.insert(spans.end(), more.begin(), more.end());
        }
        return known.emplace(merged(std::move(spans)));
    }

    std::vector<Stretch> stretches(const std::vector<Span>& spans) const {
        std::vector<Stretch> out;
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

    std::uint32_t key_of(const Manifest& segment) {
        const auto [at, fresh] =
            keys_.try_emplace(&segment, static_cast<std::uint32_t>(day_.segments.size()));
        if (!fresh) return at->second;
        auto& facts = day_.segments.emplace_back();
        facts.segment = &segment;
        std::map<std::string_view, std::vector<Stretch>> cleared;
        for (const auto& language : place_.languages) {
            auto& voices = facts.voices.emplace_back();
            for (const auto locale : locale_chain(segment, place_, language.language)) {
                if (!segment.locales.contains(std::string(locale))) continue;
                const auto [known, first] = cleared.try_emplace(locale);
                if (first)
                    known->second = stretches(cleared_spans(segment, clearances_.of(segment.id), locale,
                                                            place_.zone, {day_.from, day_.until}));
                if (!known->second.empty()) voices.push_back({locale, known->second});
                if (covers(known->second, 0, day_.length)) break;  // nobody asks further
            }
        }
        return at->second;
    }

    /// When an item may air: its hours, in any one locale that is cleared throughout. Like ones once.
    std::vector<Stretch> allowed_in(const std::vector<Stretch>& hours, const SegmentFacts& facts) const {
        std::vector<Stretch> allowed;
        for (const auto& voices : facts.voices) {
            for (const auto& voice : voices) {
                for (const auto& h : hours) {
                    for (const auto& w : voice.when) {
                        const Stretch both{std::max(h.from, w.from), std::min(h.until, w.until)};
                        const bool known = std::any_of(allowed.begin(), allowed.end(), [&](const Stretch& s) {
                            return s.from <= both.from && both.until <= s.until;
                        });
                        if (both.from < both.until && !known) allowed.push_back(both);
                    }
                }
            }
        }
        return allowed;
    }

    void add_item(const std::string& id, int position, const std::vector<Span>& open, Claim& claim,
                  std::vector<Item>& into) {
        const auto found = catalogue_.segments.find(id);
        if (found == catalogue_.segments.end())
            return impossible(claim, id, Obstacle::unknown_segment,
                              "the channel holds no segment of that name");
        const auto& segment = found->second;
        const auto key = key_of(segment);
        const auto& facts = day_.segments[key];
        if (std::all_of(facts.voices.begin(), facts.voices.end(), [](const auto& v) { return v.empty(); }))
            return impossible(claim, id, Obstacle::not_cleared,
                              "no locale of revision " + std::to_string(segment.revision) +
                                  " that this place understands is cleared in " + country_->code);
        const auto in_hours = intersection(open, rating_hours(segment.rating));
        if (in_hours.empty())
            return impossible(claim, id, Obstacle::rating,
                              "its rating '" + std::string(content::to_text(segment.rating)) +
                                  "' has no hours inside the booking's dayparts");
        auto allowed = allowed_in(stretches(in_hours), facts);
        if (allowed.empty())
            return impossible(claim, id, Obstacle::not_cleared,
                              "it is not cleared in " + country_->code + " at the hours in which it may air");
        const auto& weights = claim.booking->weights;
        const auto at = static_cast<std::size_t>(position);
        into.push_back({&segment, key, position, at < weights.size() ? weights[at] : 1,
                        segment.duration.count(), never, std::move(allowed)});
    }

    /// A takeover's hours; empty: not on this day.
    std::vector<Span> takeover_hours(const Booking& b) const {
        Span span{day_.from, day_.until};
        if (b.takeover_from) span.from = std::max(span.from, instant_of(*b.takeover_from, place_.zone));
        if (b.takeover_until) span.until = std::min(span.until, instant_of(*b.takeover_until, place_.zone));
        if (span.from >= span.until) return {};
        return {span};
    }

    void add_claim(const Campaign& campaign, const Booking& booking) {
        auto open = open_windows(campaign, booking);
        if (booking.kind == BookingKind::takeover) open = intersection(open, takeover_hours(booking));
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
        for (int i = 0; const auto& id : booking.segments) add_item(id, i++, open, claim, claim.items);
        for (int i = 0; const auto& id : booking.filler) add_item(id, i++, open, claim, claim.padding);
        if (!claim.items.empty()) day_.claims.push_back(std::move(claim));
    }

    /// A time of its own that lies where it may not air is owned up to; windows that are not open today are
    /// not.
    void closed(const Claim& claim) {
        if (open_life(*claim.campaign).empty()) {
            if (!claim.is(BookingKind::takeover))
                impossible(claim, "", Obstacle::embargo,
                           "campaign " + claim.campaign->id + " is under embargo, or expired, all day");
        } else if (claim.is_run()) {
            impossible(claim, "", Obstacle::window, "none of its dayparts falls on this day");
        }
    }

    void keep_for_rotations() {
        std::map<std::string_view, std::uint32_t> topics;
        for (const auto& claim : day_.claims) {
            for (const auto* items : {&claim.items, &claim.padding}) {
                for (const auto& item : *items) {
                    auto& facts = day_.segments[item.key];
                    facts.widest = std::max(facts.widest, claim.separation);
                    if (claim.topic_separation > 0) {
                        for (const auto& topic : item.segment->topics)
                            topics.emplace(topic, static_cast<std::uint32_t>(topics.size()));
                    }
                    if (claim.is(BookingKind::rotation) && claim.separation > 0)
                        facts.kept.insert(facts.kept.end(), claim.open.begin(), claim.open.end());
                }
            }
        }
        day_.topics.resize(topics.size());
        for (auto& facts : day_.segments) {
            for (const auto& topic : facts.segment->topics) {
                if (const auto found = topics.find(topic); found != topics.end())
                    facts.topics.push_back(found->second);
            }
        }
        for (const auto& claim : day_.claims) {
            for (const auto* items : {&claim.items, &claim.padding}) {
                for (const auto& item : *items) {
                    for (const auto topic : day_.segments[item.key].topics)
                        day_.topics[topic] = std::max(day_.topics[topic], claim.topic_separation);
                }
            }
        }
    }

    void keep_apart_from_children() {
        if (day_.from_children == 0) return;
        for (auto& facts : day_.segments) {
            facts.child = facts.segment->for_children;
            facts.rated = facts.segment->rating != Rating::general && !facts.child;
        }
    }

    Tick starts_on(const Booking& booking, local_days date) const {
        const auto shift = booking.at < schedule_.day_start ? days{1} : days{0};
        return day_.tick(instant_of(date + shift, booking.at, place_.zone));
    }
    /// The latest tick at which a segment of a run may start on the day before.
    Tick last_start(const Booking& booking) const {
        if (booking.kind == BookingKind::block || booking.late == LateRule::make_good) return 0;
        const auto late = booking.hard && booking.late != LateRule::join ? 0s : booking.late_limit;
        Tick run = 0;
        for (const auto& id : booking.segments) {
            const auto found = catalogue_.segments.find(id);
            if (found != catalogue_.segments.end()) run += found->second.duration.count();
        }
        return std::min<Tick>(0, starts_on(booking, date_ - days{1}) + milliseconds(late).count() + run);
    }

    /// Where a takeover of the day before ends, before this day's begin; so far back that it does not matter
    /// where there is none.
    Tick takeover_end(const Booking& booking, Tick distance) const {
        const auto at = [&](const std::optional<Moment>& m, Tick otherwise) {
            return m ? day_.tick(instant_of(*m, place_.zone)) : otherwise;
        };
        const auto from = at(booking.takeover_from, -never),
                   until = std::min<Tick>(0, at(booking.takeover_until, 0));
        return from < until ? until : -distance;
    }

    Edges edges_of(const Campaign& campaign, const Booking& booking, Tick distance) const {
        const bool before = counts(campaign, booking, date_ - days{1});
        const bool now = counts(campaign, booking, date_);
        const bool after = counts(campaign, booking, date_ + days{1});
        Edges edges;
        if (booking.kind == BookingKind::takeover) {
            if (before) edges.after_takeover = takeover_end(booking, distance) + distance;
            return edges;
        }
        if (before || now) edges.half_from = distance;
        if (after || now) edges.half_until = distance;
        const bool run = booking.kind == BookingKind::fixed || booking.kind == BookingKind::block;
        if (run && before) edges.after_run = last_start(booking) + distance;
        if (run && after) edges.before_run = starts_on(booking, date_ + days{1}) - distance;
        return edges;
    }

    static std::vector<std::string> all_of(const Booking& booking) {
        auto all = booking.segments;
        all.insert(all.end(), booking.filler.begin(), booking.filler.end());
        return all;
    }

    /// The largest distance that any booking asks for a segment or a topic counts for all that carry it.
    void note_distances(const Campaign& campaign, const Booking& booking) {
        if (booking.separation > 0s || booking.topic_separation > 0s || day_.from_children > 0) apart_ = true;
        near_.push_back({&campaign, &booking});
        for (const auto& id : all_of(booking)) {
            const auto found = catalogue_.segments.find(id);
            if (found == catalogue_.segments.end()) continue;
            auto& same = same_[id];
            same = std::max<Tick>(same, milliseconds(booking.separation).count());
            for (const auto& t : found->second.topics) {
                auto& topic = topic_[t];
                topic = std::max<Tick>(topic, milliseconds(booking.topic_separation).count());
            }
        }
    }

    void note_edges(const Campaign& campaign, const Booking& booking) {
        for (const auto& id : all_of(booking)) {
            const auto found = catalogue_.segments.find(id);
            if (found == catalogue_.segments.end()) continue;
            if (const auto distance = same_.find(id)->second; distance > 0)
                segment_edges_[id].take(edges_of(campaign, booking, distance));
            for (const auto& t : found->second.topics) {
                if (const auto distance = topic_.find(t)->second; distance > 0)
                    topic_edges_[t].take(edges_of(campaign, booking, distance));
            }
            const auto near = day_.from_children;
            if (near > 0 && found->second.for_children) child_edges_.take(edges_of(campaign, booking, near));
            if (near > 0 && found->second.rating != Rating::general)
                rated_edges_.take(edges_of(campaign, booking, near));
        }
    }

    /// Cuts the day's ends off what must keep a distance from another day's airings.
    void keep_edges() {
        for (auto& claim : day_.claims) {
            if (claim.is(BookingKind::takeover)) continue;
            for (auto* items : {&claim.items, &claim.padding}) {
                for (auto& item : *items) trim(item, claim.is_run() && items == &claim.items);
            }
        }
    }

    void trim(Item& item, bool run) const {
        Edges starts, touches;
        if (const auto found = segment_edges_.find(item.segment->id); found != segment_edges_.end())
            starts.take(found->second);
        for (const auto& topic : item.segment->topics) {
            if (const auto found = topic_edges_.find(topic); found != topic_edges_.end())
                starts.take(found->second);
        }
        const auto& facts = day_.segments[item.key];
        if (facts.child) touches.take(rated_edges_);
        if (facts.rated) touches.take(child_edges_);
        Tick first = std::max({(touches.half_from + 1) / 2, touches.after_takeover, starts.after_takeover});
        Tick last = day_.length - (touches.half_until + 1) / 2;
        first = std::max(first, starts.after_run);
        if (!run) {
            first = std::max(first, (starts.half_from + 1) / 2);
            item.last_start = std::min(day_.length - (starts.half_until + 1) / 2, starts.before_run);
            last = std::min(last, item.last_start + item.length);
        }
        std::vector<Stretch> left;
        for (auto s : item.allowed) {
            s.from = std::max(s.from, first);
            s.until = std::min(s.until, last);
            if (s.from < s.until) left.push_back(s);
        }
        item.allowed = std::move(left);
    }

    const Schedule& schedule_;
    const content::Catalogue& catalogue_;
    const Place& place_;
    const Country* country_ = nullptr;
    local_days date_;
    Day day_;
    std::array<std::optional<std::vector<Span>>, 3> rating_hours_;
    std::unordered_map<const Manifest*, std::uint32_t> keys_;
    ClearanceIndex clearances_;
    std::map<std::string, Edges, std::less<>> segment_edges_, topic_edges_;
    std::map<std::string, Tick, std::less<>> same_, topic_;
    std::vector<std::pair<const Campaign*, const Booking*>> near_;
    bool apart_ = false;  ///< something is kept apart at all
    Edges child_edges_, rated_edges_;
};

}  // namespace

Day resolve(const Schedule& schedule, const content::Catalogue& catalogue, const Place& place,
            const LocalDay& day) {
    return Resolver(schedule, catalogue, place, day).run();
}

LocalDay broadcast_day(const Schedule& schedule, const std::string& zone, local_days day) {
    const auto start = schedule.day_start;
    return {day, instant_of(day, start, zone), instant_of(day + days{1}, start, zone)};
}

LocalDay broadcast_day_of(const Schedule& schedule, const std::string& zone, Instant at) {
    const auto calendar = local_day_of(at, zone).day;
    auto found = broadcast_day(schedule, zone, calendar);
    if (at < found.from) found = broadcast_day(schedule, zone, calendar - days{1});
    if (at >= found.until) found = broadcast_day(schedule, zone, calendar + days{1});
    return found;
}

}  // namespace riverlight::scheduler
