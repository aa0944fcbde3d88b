#include "scheduler/plan/preparation.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace riverlight::scheduler {

Preparation::Preparation(const Day& day, const std::vector<PacedRotation>& rotations, const RunTimes& times,
                         DayTime begin, const History& history)
    : day_(day),
      times_(times),
      history_(history),
      begin_(begin),
      out_{PlacementProblem{&day,
                            begin,
                            {},
                            SeparationRules(day),
                            std::vector<PlayTally>(day.bookings.size()),
                            {},
                            &rotations},
           {},
           {},
           {}} {
    for (std::size_t b = 0; b < day.bookings.size(); ++b)
        out_.problem.tallies[b].items.resize(day.bookings[b].items.size());
    for (const auto& a : history.airings) {
        out_.problem.rules.add(a.booking, item_of(day, a), a.start, a.end);
        if (a.padding) continue;
        ++out_.problem.tallies[a.booking].plays;
        ++out_.problem.tallies[a.booking].items[a.item];
    }
}

Run Preparation::remaining_run(BookingIndex b) const {
    Run run;
    for (std::size_t i = 0; i < booking(b).items.size(); ++i) {
        if (!is_done(b, booking(b).items[i].position)) run.push_back(static_cast<std::uint16_t>(i));
    }
    return run;
}

milliseconds Preparation::length_of(BookingIndex b, const Run& run) const {
    return std::accumulate(run.begin(), run.end(), milliseconds{}, [&](milliseconds sum, std::uint16_t i) {
        return sum + booking(b).items[i].length;
    });
}

std::optional<BookingIndex> Preparation::holder_of(const Interval& when) const {
    for (const auto& reservation : reservations_) {
        if (reservation.when.overlaps(when)) return reservation.booking;
    }
    for (const auto& block : out_.blocks) {
        if (block.when.overlaps(when)) return block.booking;
    }
    return {};
}

bool Preparation::exceeds_cap(BookingIndex b, std::size_t more) const {
    const auto cap = booking(b).booking->daily_cap;
    return cap > 0 && plays(b) + static_cast<int>(more) > cap;
}

bool Preparation::conflicts_with_itself(BookingIndex b, const Run& run) const {
    const auto distance = day_.children_distance;
    if (distance == milliseconds{}) return false;
    auto at = day_begin;
    std::optional<DayTime> child_end, rated_end;
    for (const auto i : run) {
        const auto& item = booking(b).items[i];
        const auto& facts = day_.segments[item.key];
        if ((facts.child && rated_end && at < *rated_end + distance) ||
            (facts.rated && child_end && at < *child_end + distance))
            return true;
        at += item.length;
        if (facts.child) child_end = at;
        if (facts.rated) rated_end = at;
    }
    return false;
}

std::optional<Conflict> Preparation::find_conflict(BookingIndex b, const Run& run, DayTime start) const {
    const auto end = start + length_of(b, run);
    if (exceeds_cap(b, run.size())) return Conflict{Obstacle::daily_cap};
    if (end > day_.end()) return Conflict{Obstacle::day_end};
    if (conflicts_with_itself(b, run)) return Conflict{Obstacle::children, b};
    if (const auto by = holder_of({start, end})) return Conflict{Obstacle::taken, by, {}, true};
    for (const auto i : run) {
        const auto& item = booking(b).items[i];
        if (auto conflict = find_item_conflict(b, item, start)) {
            conflict->item = i;
            return conflict;
        }
        start += item.length;
    }
    return {};
}

std::optional<Conflict> Preparation::find_item_conflict(BookingIndex b, const Item& item,
                                                        DayTime start) const {
    const auto end = start + item.length;
    if (!covers(item.allowed, start, end)) {
        return Conflict{!covers(day_.place_open, start, end)  ? Obstacle::closed
                        : covers(booking(b).open, start, end) ? Obstacle::rating
                                                              : Obstacle::window};
    }
    if (const auto conflict = rules().find_conflict(b, item, start, item.length))
        return Conflict{conflict->why, conflict->by};
    return {};
}

void Preparation::place(BookingIndex b, std::uint16_t i, DayTime start, milliseconds length,
                        milliseconds into) {
    assert(start >= begin_ && start + length <= day_.end());
    const auto& item = booking(b).items[i];
    out_.fixed.push_back(
        {b, i, item.position, start, length, start, {}, true, into + length < item.length, into});
    out_.problem.rules.add(b, item, start, start + length);
    ++out_.problem.tallies[b].plays;
    ++out_.problem.tallies[b].items[i];
}

PreparedDay Preparation::finish() {
    auto& blocked = out_.problem.blocked;
    for (const auto& reservation : reservations_) blocked.push_back(reservation.when);
    for (const auto& block : out_.blocks) blocked.push_back(block.when);
    blocked = merged(std::move(blocked));
    std::sort(out_.fixed.begin(), out_.fixed.end(),
              [](const Placement& a, const Placement& b) { return a.start < b.start; });
    assert(
        std::adjacent_find(out_.fixed.begin(), out_.fixed.end(), [](const Placement& a, const Placement& b) {
            return a.start + a.length > b.start;
        }) == out_.fixed.end());
    std::sort(out_.blocks.begin(), out_.blocks.end(),
              [](const BlockWindow& a, const BlockWindow& b) { return a.when.from < b.when.from; });
    assert(std::adjacent_find(out_.blocks.begin(), out_.blocks.end(),
                              [](const BlockWindow& a, const BlockWindow& b) {
                                  return a.when.until > b.when.from;
                              }) == out_.blocks.end());
    for (auto& task : out_.problem.tasks) task.ideal = task.release;
    std::stable_sort(out_.problem.tasks.begin(), out_.problem.tasks.end(),
                     [](const Task& a, const Task& b) { return a.release < b.release; });
    return std::move(out_);
}

}  // namespace riverlight::scheduler
