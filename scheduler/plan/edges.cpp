#include "scheduler/plan/edges.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "scheduler/campaign/audience.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

/// Twice the least time between a start and the day's begin or end is kept, so that halves are rounded once.
struct Margins {
    milliseconds begin_doubled{}, end_doubled{};
    DayTime after_run = day_begin;  ///< no start before this: the day before may end with a run
    DayTime before_run = never;     ///< no start after this, but a run's own: the next day may begin with one
    DayTime after_takeover = day_begin;  ///< no start before this: a takeover of the day before

    void widen(const Margins& more) {
        begin_doubled = std::max(begin_doubled, more.begin_doubled);
        end_doubled = std::max(end_doubled, more.end_doubled);
        after_run = std::max(after_run, more.after_run);
        before_run = std::min(before_run, more.before_run);
        after_takeover = std::max(after_takeover, more.after_takeover);
    }
    [[nodiscard]] DayTime first_start() const { return day_begin + (begin_doubled + milliseconds{1}) / 2; }
    [[nodiscard]] DayTime last_start(const Day& day) const {
        return day.end() - (end_doubled + milliseconds{1}) / 2;
    }
};

/// When a booking airs on the days before and after, as far as that is known.
struct NeighbourDays {
    bool takeover = false;
    bool before = false, after = false;   ///< it may air near the begin or end of the day at an unknown time
    std::optional<DayTime> takeover_end;  ///< of the day before; at most the day's begin
    std::optional<DayTime> last_start;    ///< of a run's segment on the day before; at most the day's begin
    std::optional<DayTime> next_start;    ///< of a run on the day after

    [[nodiscard]] Margins margins(milliseconds distance) const {
        Margins out;
        if (takeover) {
            if (takeover_end) out.after_takeover = *takeover_end + distance;
            return out;
        }
        if (before) out.begin_doubled = distance;
        if (after) out.end_doubled = distance;
        if (last_start) out.after_run = *last_start + distance;
        if (next_start) out.before_run = *next_start - distance;
        return out;
    }
};

class EdgeTrimmer {
  public:
    EdgeTrimmer(Day& day, const Schedule& schedule, const content::Country& country,
                const content::Place& place, local_days date)
        : day_(day),
          schedule_(schedule),
          country_(country),
          place_(place),
          date_(date),
          segments_(day.segments.size()) {}

    void run(const std::vector<LocalBooking>& bookings) {
        for (const auto& one : bookings) collect_distances(one);
        for (const auto& one : bookings) collect_margins(one);
        for (auto& booking : day_.bookings) {
            if (booking.is(BookingKind::takeover)) continue;
            for (auto& item : booking.items) trim(item, booking.is_run());
            for (auto& item : booking.padding) trim(item, false);
        }
    }

  private:
    /// Of one segment or topic.
    struct Separation {
        milliseconds distance{};  ///< the largest that any booking asks for: it applies to all that use it
        Margins margins;
    };

    void collect_distances(const LocalBooking& one) {
        const milliseconds separation = one.booking->separation,
                           topic_separation = one.booking->topic_separation;
        for (const auto key : one.segments) {
            segments_[key].distance = std::max(segments_[key].distance, separation);
            if (topic_separation == milliseconds{}) continue;
            for (const auto& topic : day_.segments[key].segment->topics) {
                auto& distance = topics_[topic].distance;
                distance = std::max(distance, topic_separation);
            }
        }
    }

    void collect_margins(const LocalBooking& one) {
        std::optional<NeighbourDays> known;  // found out only where something depends on it
        const auto margins = [&](milliseconds distance) {
            if (!known) known = neighbour_days(one);
            return known->margins(distance);
        };
        const auto from_children = day_.children_distance;
        for (const auto key : one.segments) {
            const auto& segment = *day_.segments[key].segment;
            if (auto& same = segments_[key]; same.distance > milliseconds{})
                same.margins.widen(margins(same.distance));
            for (const auto& topic : segment.topics) {
                if (const auto found = topics_.find(topic); found != topics_.end())
                    found->second.margins.widen(margins(found->second.distance));
            }
            if (from_children == milliseconds{}) continue;
            if (segment.for_children) children_.widen(margins(from_children));
            if (segment.rating != content::Rating::general) rated_.widen(margins(from_children));
        }
    }

    bool counts(const LocalBooking& one, local_days date) const {
        return counts_on(*one.campaign, *one.booking, country_, date);
    }

    NeighbourDays neighbour_days(const LocalBooking& one) const {
        const auto& booking = *one.booking;
        NeighbourDays out;
        out.takeover = booking.kind == BookingKind::takeover;
        const bool run = booking.kind == BookingKind::fixed || booking.kind == BookingKind::block;
        const bool before = counts(one, date_ - days{1});
        if (out.takeover) {
            if (before) out.takeover_end = takeover_end(booking);
            return out;
        }
        const bool after = counts(one, date_ + days{1});
        out.before = before || one.today;
        out.after = after || one.today;
        if (run && before) out.last_start = last_start(one);
        if (run && after) out.next_start = start_on(booking, date_ + days{1});
        return out;
    }

    DayTime start_on(const Booking& booking, local_days date) const {
        const auto shift = booking.at < schedule_.day_start ? days{1} : days{0};
        return day_.time_of(instant_of(date + shift, booking.at, place_.zone));
    }

    /// The latest time at which a segment of a run may start on the day before.
    DayTime last_start(const LocalBooking& one) const {
        const auto& booking = *one.booking;
        if (booking.kind == BookingKind::block || booking.late == LateRule::make_good) return day_begin;
        const auto late = booking.hard && booking.late != LateRule::join ? 0s : booking.late_limit;
        milliseconds run{};
        for (const auto key : one.segments) run += day_.segments[key].segment->duration;
        return std::min(day_begin, start_on(booking, date_ - days{1}) + late + run);
    }

    /// Where a takeover of the day before ends; nothing if it is empty before this day's begin.
    std::optional<DayTime> takeover_end(const Booking& booking) const {
        const auto time_of = [&](const Moment& moment) {
            return day_.time_of(instant_of(moment, place_.zone));
        };
        const auto until =
            booking.takeover_until ? std::min(day_begin, time_of(*booking.takeover_until)) : day_begin;
        if (booking.takeover_from && time_of(*booking.takeover_from) >= until) return {};
        return until;
    }

    void trim(Item& item, bool run) const {
        const auto& facts = day_.segments[item.key];
        auto starts = segments_[item.key].margins;
        for (const auto& topic : facts.segment->topics) {
            if (const auto found = topics_.find(topic); found != topics_.end())
                starts.widen(found->second.margins);
        }
        Margins whole;  // keeps all of the airing away, not only its start
        if (facts.child) whole.widen(rated_);
        if (facts.rated) whole.widen(children_);
        auto first =
            std::max({whole.first_start(), whole.after_takeover, starts.after_takeover, starts.after_run});
        auto last = whole.last_start(day_);
        if (!run) {
            first = std::max(first, starts.first_start());
            item.last_start = std::min(starts.last_start(day_), starts.before_run);
            last = std::min(last, item.last_start + item.length);
        }
        if (first <= day_begin && last >= day_.end()) return;
        std::vector<Interval> left;
        for (auto one : item.allowed) {
            one.from = std::max(one.from, first);
            one.until = std::min(one.until, last);
            if (one.from < one.until) left.push_back(one);
        }
        item.allowed = std::move(left);
    }

    Day& day_;
    const Schedule& schedule_;
    const content::Country& country_;
    const content::Place& place_;
    local_days date_;
    std::vector<Separation> segments_;                         ///< by key
    std::unordered_map<std::string_view, Separation> topics_;  ///< those that some booking keeps apart
    Margins children_, rated_;
};

}  // namespace

void trim_day_edges(Day& day, const std::vector<LocalBooking>& bookings, const Schedule& schedule,
                    const content::Country& country, const content::Place& place, local_days date) {
    const bool apart = day.children_distance > milliseconds{} ||
                       std::any_of(bookings.begin(), bookings.end(), [](const LocalBooking& one) {
                           return one.booking->separation > 0s || one.booking->topic_separation > 0s;
                       });
    if (apart) EdgeTrimmer(day, schedule, country, place, date).run(bookings);
}

}  // namespace riverlight::scheduler
