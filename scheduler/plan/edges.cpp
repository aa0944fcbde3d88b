#include "scheduler/plan/edges.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "scheduler/campaign/audience.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;

/// What a distance that reaches over the day's ends leaves of the day.
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

/// Where a booking lies on the days before and after.
struct Neighbour {
    bool takeover = false, run = false;
    bool before = false, after = false;  ///< it counts on the day before, or after; or, but for a run, today
    bool run_before = false, run_after = false;
    Tick takeover_end = -never;  ///< of the day before, at most the day's begin; −never: none
    Tick last_start = 0;         ///< of a run's segment on the day before, at most the day's begin
    Tick next_start = 0;         ///< of a run on the day after

    [[nodiscard]] Edges edges(Tick distance) const {
        Edges out;
        if (takeover) {
            if (takeover_end != -never) out.after_takeover = takeover_end + distance;
            return out;
        }
        if (before) out.half_from = distance;
        if (after) out.half_until = distance;
        if (run_before) out.after_run = last_start + distance;
        if (run_after) out.before_run = next_start - distance;
        return out;
    }
};

class Keeper {
  public:
    Keeper(Day& day, const Schedule& schedule, const content::Country& country, const content::Place& place,
           local_days date)
        : day_(day), schedule_(schedule), country_(country), place_(place), date_(date) {}

    void run(const std::vector<Near>& near) {
        for (const auto& one : near) note_distances(one);
        for (const auto& one : near) note_edges(one);
        for (auto& claim : day_.claims) {
            if (claim.is(BookingKind::takeover)) continue;
            for (auto& item : claim.items) trim(item, claim.is_run());
            for (auto& item : claim.padding) trim(item, false);
        }
    }

  private:
    struct Kept {
        Tick distance = 0;  ///< the largest that any booking asks for: it counts for all that carry it
        Edges edges;
    };

    void note_distances(const Near& one) {
        const auto separation = milliseconds(one.booking->separation).count(),
                   topic_separation = milliseconds(one.booking->topic_separation).count();
        if (same_.empty()) same_.resize(day_.segments.size());
        for (const auto key : one.segments) {
            same_[key].distance = std::max<Tick>(same_[key].distance, separation);
            if (topic_separation == 0) continue;
            for (const auto& topic : day_.segments[key].segment->topics) {
                auto& distance = topics_[topic].distance;
                distance = std::max<Tick>(distance, topic_separation);
            }
        }
    }

    bool counts(const Near& one, local_days date) const {
        return counts_on(*one.campaign, *one.booking, country_, date);
    }

    Neighbour neighbour(const Near& one) const {
        const auto& booking = *one.booking;
        Neighbour out;
        out.takeover = booking.kind == BookingKind::takeover;
        out.run = booking.kind == BookingKind::fixed || booking.kind == BookingKind::block;
        const bool before = counts(one, date_ - days{1});
        if (out.takeover) {
            if (before) out.takeover_end = takeover_end(booking);
            return out;
        }
        const bool after = counts(one, date_ + days{1});
        out.before = before || one.today;
        out.after = after || one.today;
        out.run_before = out.run && before;
        out.run_after = out.run && after;
        if (out.run_before) out.last_start = last_start(one);
        if (out.run_after) out.next_start = starts_on(booking, date_ + days{1});
        return out;
    }

    void note_edges(const Near& one) {
        std::optional<Neighbour> known;
        const auto edges = [&](Tick distance) {
            if (!known) known = neighbour(one);
            return known->edges(distance);
        };
        const auto gap = day_.from_children;
        for (const auto key : one.segments) {
            const auto& facts = day_.segments[key];
            if (auto& kept = same_[key]; kept.distance > 0) kept.edges.take(edges(kept.distance));
            for (const auto& topic : facts.segment->topics) {
                if (const auto kept = topics_.find(topic); kept != topics_.end())
                    kept->second.edges.take(edges(kept->second.distance));
            }
            if (gap > 0 && facts.segment->for_children) child_.take(edges(gap));
            if (gap > 0 && facts.segment->rating != content::Rating::general) rated_.take(edges(gap));
        }
    }

    Tick starts_on(const Booking& booking, local_days date) const {
        const auto shift = booking.at < schedule_.day_start ? days{1} : days{0};
        return day_.tick(instant_of(date + shift, booking.at, place_.zone));
    }

    /// The latest tick at which a segment of a run may start on the day before.
    Tick last_start(const Near& one) const {
        const auto& booking = *one.booking;
        if (booking.kind == BookingKind::block || booking.late == LateRule::make_good) return 0;
        const auto late = booking.hard && booking.late != LateRule::join ? 0s : booking.late_limit;
        Tick run = 0;
        for (const auto key : one.segments) run += day_.segments[key].segment->duration.count();
        return std::min<Tick>(0, starts_on(booking, date_ - days{1}) + milliseconds(late).count() + run);
    }

    /// Where a takeover of the day before ends, before this day's begin; −never: it does not reach so far.
    Tick takeover_end(const Booking& booking) const {
        const auto at = [&](const std::optional<Moment>& m, Tick otherwise) {
            return m ? day_.tick(instant_of(*m, place_.zone)) : otherwise;
        };
        const auto from = at(booking.takeover_from, -never),
                   until = std::min<Tick>(0, at(booking.takeover_until, 0));
        return from < until ? until : -never;
    }

    void trim(Item& item, bool run) const {
        const auto& facts = day_.segments[item.key];
        Edges starts = same_[item.key].edges, touches;
        for (const auto& topic : facts.segment->topics) {
            if (const auto found = topics_.find(topic); found != topics_.end())
                starts.take(found->second.edges);
        }
        if (facts.child) touches.take(rated_);
        if (facts.rated) touches.take(child_);
        Tick first = std::max(
            {(touches.half_from + 1) / 2, touches.after_takeover, starts.after_takeover, starts.after_run});
        Tick last = day_.length - (touches.half_until + 1) / 2;
        if (!run) {
            first = std::max(first, (starts.half_from + 1) / 2);
            item.last_start = std::min(day_.length - (starts.half_until + 1) / 2, starts.before_run);
            last = std::min(last, item.last_start + item.length);
        }
        if (first <= 0 && last >= day_.length) return;
        std::vector<Stretch> left;
        for (auto s : item.allowed) {
            s.from = std::max(s.from, first);
            s.until = std::min(s.until, last);
            if (s.from < s.until) left.push_back(s);
        }
        item.allowed = std::move(left);
    }

    Day& day_;
    const Schedule& schedule_;
    const content::Country& country_;
    const content::Place& place_;
    local_days date_;
    std::vector<Kept> same_;                             ///< by key
    std::unordered_map<std::string_view, Kept> topics_;  ///< those that some booking keeps apart
    Edges child_, rated_;
};

}  // namespace

void keep_edges(Day& day, const std::vector<Near>& near, const Schedule& schedule,
                const content::Country& country, const content::Place& place, local_days date) {
    const bool apart = day.from_children > 0 || std::any_of(near.begin(), near.end(), [](const Near& one) {
                           return one.booking->separation > 0s || one.booking->topic_separation > 0s;
                       });
    if (apart) Keeper(day, schedule, country, place, date).run(near);
}

}  // namespace riverlight::scheduler
