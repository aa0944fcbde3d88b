#include "scheduler/plan/takeover.hpp"

#include <algorithm>
#include <cassert>
#include <set>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {
namespace {

struct TakeoverInterval {
    Interval when;
    BookingIndex booking = 0;
};

/// The takeovers of the day in order of time, disjoint: where two overlap the higher priority counts.
std::vector<TakeoverInterval> takeovers_of(const Day& day) {
    std::set<DayTime> edges;
    std::vector<BookingIndex> bookings;
    std::vector<std::vector<Interval>> allowed(day.bookings.size());
    for (BookingIndex b = 0; b < day.bookings.size(); ++b) {
        if (!day.bookings[b].is(BookingKind::takeover)) continue;
        bookings.push_back(b);
        allowed[b] = allowed_for_any(day.bookings[b]);
        for (const auto& one : allowed[b]) edges.insert({one.from, one.until});
    }
    std::stable_sort(bookings.begin(), bookings.end(), [&](BookingIndex a, BookingIndex b) {
        return day.bookings[a].priority > day.bookings[b].priority;
    });
    std::vector<TakeoverInterval> out;
    for (auto edge = edges.begin(); edge != edges.end() && std::next(edge) != edges.end(); ++edge) {
        const auto until = *std::next(edge);
        const auto on = std::find_if(bookings.begin(), bookings.end(),
                                     [&](BookingIndex b) { return covers(allowed[b], *edge, until); });
        if (on == bookings.end()) continue;
        if (!out.empty() && out.back().booking == *on && out.back().when.until == *edge) {
            out.back().when.until = until;
        } else {
            out.push_back({{*edge, until}, *on});
        }
    }
    assert(
        std::adjacent_find(out.begin(), out.end(), [](const TakeoverInterval& a, const TakeoverInterval& b) {
            return a.when.until > b.when.from;
        }) == out.end());
    return out;
}

/// The time from `begin` on that takeovers are booked for and in which they may show nothing.
std::vector<DraftShortfall> unusable_times(const Day& day, DayTime begin) {
    std::vector<DraftShortfall> out;
    for (BookingIndex b = 0; b < day.bookings.size(); ++b) {
        if (!day.bookings[b].is(BookingKind::takeover)) continue;
        const auto allowed = allowed_for_any(day.bookings[b]);
        const auto add = [&](DayTime from, DayTime until) {
            if (from < until && until > begin)
                out.push_back({b, {}, {}, std::max(from, begin), until, Obstacle::rating, {}});
        };
        for (const auto& open : day.bookings[b].open) {
            auto at = open.from;
            for (const auto& one : allowed) {
                if (!one.overlaps(open)) continue;
                add(at, one.from);
                at = one.until;
            }
            add(at, open.until);
        }
    }
    return out;
}

/// Where an item that starts at `at` ends: with itself, at `until`, or with its allowed interval. `at`: it
/// may not start.
DayTime end_of(const Item& item, DayTime at, DayTime until) {
    auto end = at;
    for (const auto& allowed : item.allowed) {
        if (allowed.from <= at) end = std::max(end, std::min({allowed.until, at + item.length, until}));
    }
    return end;
}

struct Choice {
    std::size_t item = 0;
    DayTime end{};
};
/// The item that is due, of those that can air whole or up to `until`; otherwise of those cut by the end of
/// their allowed interval.
Choice choose_item(const DayBooking& booking, const PlayTally& tally, DayTime at, DayTime until) {
    Choice cut{0, at};
    DueItems due(booking.items, tally);
    while (const auto i = due.next()) {
        const auto end = end_of(booking.items[*i], at, until);
        if (end == std::min(at + booking.items[*i].length, until)) return {*i, end};
        if (cut.end == at) cut = {*i, end};
    }
    return cut;
}

/// Appends a takeover's items, one after the other, until it ends.
void append_takeover(const Day& day, const TakeoverInterval& takeover, std::vector<DraftAiring>& airings) {
    const auto& booking = day.bookings[takeover.booking];
    PlayTally tally{0, std::vector<int>(booking.items.size())};
    for (const auto& a : airings) {
        if (a.booking != takeover.booking) continue;
        ++tally.plays;
        ++tally.items[a.item];
    }
    const auto& [from, until] = takeover.when;
    for (auto now = from; now < until;) {
        const auto [item, end] = choose_item(booking, tally, now, until);
        assert(end > now);  // `when` is covered by what its items allow
        airings.push_back({takeover.booking,
                           static_cast<std::uint16_t>(item),
                           false,
                           {},
                           now,
                           end,
                           now == from,
                           end - now < booking.items[item].length,
                           milliseconds{}});
        ++tally.plays;
        ++tally.items[item];
        now = end;
    }
}

/// True if a block's programme has continued after this part of it: a block does not go back.
bool was_passed_over(const Day& day, const DraftShortfall& shortfall, const std::vector<DraftAiring>& aired) {
    if (!day.bookings[shortfall.booking].is(BookingKind::block)) return false;
    return std::any_of(aired.begin(), aired.end(), [&](const DraftAiring& a) {
        return a.booking == shortfall.booking && !a.padding && (!a.number || a.number > shortfall.number);
    });
}

/// Cuts one takeover into a plan: keeps what comes before, and plans again what comes after.
class TakeoverCut {
  public:
    TakeoverCut(const Day& day, const TakeoverInterval& takeover, const History& history)
        : day_(day), takeover_(takeover), when_(takeover.when), before_(history), history_(history) {}

    DraftPlan run(const DraftPlan& planned, const PlanRest& plan_rest) {
        keep_airings_before(planned);
        sort_shortfalls(planned.shortfalls);
        append_takeover(day_, takeover_, out_.airings);
        for (const auto& a : out_.airings) {
            history_.airings.push_back(a);
            if (a.number) history_.done.insert({a.booking, *a.number});
        }
        if (when_.until < day_.end()) {
            append_rest(plan_rest(when_.until, history_));
        } else {
            report_what_is_left();
        }
        return std::move(out_);
    }

  private:
    void keep_airings_before(const DraftPlan& planned) {
        for (auto a : planned.airings) {
            if (a.start >= when_.from) {
                if (a.number && a.start < when_.until) history_.missed.insert({a.booking, *a.number});
                continue;
            }
            if (a.end > when_.from) {
                a.end = when_.from;
                a.cut = true;
            }
            out_.airings.push_back(a);
        }
        for (const auto& gap : planned.gaps)
            if (gap.from < when_.from) out_.gaps.push_back({gap.from, std::min(gap.until, when_.from)});
    }

    /// Plays that might still have found a time are tried again after the takeover.
    void sort_shortfalls(const std::vector<DraftShortfall>& shortfalls) {
        for (const auto& one : shortfalls) {
            if (one.until >= when_.from && one.why != Obstacle::daily_cap &&
                !was_passed_over(day_, one, out_.airings)) {
                retried_.push_back(one);
                continue;
            }
            out_.shortfalls.push_back(one);
            if (one.number) history_.done.insert({one.booking, *one.number});
        }
    }

    void append_rest(const DraftPlan& rest) {
        out_.airings.insert(out_.airings.end(), rest.airings.begin(), rest.airings.end());
        out_.gaps.insert(out_.gaps.end(), rest.gaps.begin(), rest.gaps.end());
        for (auto one : rest.shortfalls) {
            if (one.why == Obstacle::missed || (one.when >= when_.from && one.when < when_.until)) {
                one.why = Obstacle::takeover;
                one.by = takeover_.booking;
            }
            out_.shortfalls.push_back(one);
        }
    }

    /// The takeover lasts to the end of the day: there is no time left to try anything again.
    void report_what_is_left() {
        out_.shortfalls.insert(out_.shortfalls.end(), retried_.begin(), retried_.end());
        for (const auto& [booking, number] : history_.missed) {
            if (before_.missed.contains({booking, number})) continue;
            out_.shortfalls.push_back(
                {booking, number, {}, when_.from, when_.until, Obstacle::takeover, takeover_.booking});
        }
    }

    const Day& day_;
    const TakeoverInterval& takeover_;
    const Interval when_;
    const History& before_;  ///< as it was without this takeover
    History history_;
    DraftPlan out_;
    std::vector<DraftShortfall> retried_;
};

}  // namespace

DraftPlan plan_with_takeovers(const Day& day, DayTime begin, const History& history,
                              const PlanRest& plan_rest) {
    auto out = plan_rest(begin, history);
    for (auto takeover : takeovers_of(day)) {
        if (takeover.when.until <= begin) continue;
        takeover.when.from = std::max(takeover.when.from, begin);
        out = TakeoverCut(day, takeover, history).run(out, plan_rest);
    }
    const auto unusable = unusable_times(day, begin);
    out.shortfalls.insert(out.shortfalls.end(), unusable.begin(), unusable.end());
    return out;
}

}  // namespace riverlight::scheduler
