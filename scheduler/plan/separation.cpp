#include "scheduler/plan/separation.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::scheduler {
namespace {

/// So many entries are looked at in the time of a try.
constexpr std::size_t entries_of_a_try = 8;

}  // namespace

SeparationRules::SeparationRules(const Day& day)
    : day_(&day), segments_(day.segments.size()), topics_(day.topic_separations.size()) {
    for (const auto& facts : day.segments) {
        if (facts.child || facts.rated) longest_ = std::max(longest_, milliseconds{facts.segment->duration});
    }
}

void SeparationRules::insert(Entries& entries, const Entry& entry) {
    entries.insert(std::upper_bound(entries.begin(), entries.end(), entry.start,
                                    [](DayTime at, const Entry& e) { return at < e.start; }),
                   entry);
}

void SeparationRules::erase(Entries& entries, DayTime start, BookingIndex booking) {
    auto at = std::lower_bound(entries.begin(), entries.end(), start,
                               [](const Entry& e, DayTime time) { return e.start < time; });
    while (at != entries.end() && at->booking != booking) ++at;
    assert(at != entries.end() && at->start == start);  // only what was added is removed
    entries.erase(at);
}

void SeparationRules::add(BookingIndex booking, const Item& item, DayTime start, DayTime end) {
    assert(booking < day_->bookings.size() && item.key < day_->segments.size() && start <= end);
    const auto& facts = day_->segments[item.key];
    const auto& own = day_->bookings[booking];
    if (facts.widest_separation > milliseconds{})
        insert(segments_[item.key], {start, end, own.separation, booking});
    for (const auto topic : facts.topics) insert(topics_[topic], {start, end, own.topic_separation, booking});
    if (facts.child) insert(children_, {start, end, day_->children_distance, booking});
    if (facts.rated) insert(rated_, {start, end, day_->children_distance, booking});
}

void SeparationRules::remove(BookingIndex booking, const Item& item, DayTime start) {
    const auto& facts = day_->segments[item.key];
    if (facts.widest_separation > milliseconds{}) erase(segments_[item.key], start, booking);
    for (const auto topic : facts.topics) erase(topics_[topic], start, booking);
    if (facts.child) erase(children_, start, booking);
    if (facts.rated) erase(rated_, start, booking);
}

bool SeparationRules::same_run(BookingIndex a, BookingIndex b) const {
    return a == b && day_->bookings[a].is_run();
}

std::optional<SeparationRules::Conflict> SeparationRules::conflict_of_starts(const Entries& entries,
                                                                             BookingIndex booking, DayTime at,
                                                                             milliseconds own,
                                                                             milliseconds widest,
                                                                             Obstacle why) const {
    std::optional<Conflict> found;
    const auto middle = std::lower_bound(entries.begin(), entries.end(), at,
                                         [](const Entry& e, DayTime time) { return e.start < time; });
    std::size_t looked_at = 0;
    const auto consider = [&](const Entry& e) {
        ++looked_at;
        const auto distance = std::max(own, e.distance);
        const auto apart = e.start < at ? at - e.start : e.start - at;
        if (apart >= distance || same_run(booking, e.booking)) return;
        if (!found || e.start + distance > found->retry) found = Conflict{why, e.booking, e.start + distance};
    };
    for (auto e = middle; e != entries.end() && e->start - at < widest; ++e) consider(*e);
    for (auto e = middle; e != entries.begin() && at - std::prev(e)->start < widest; --e)
        consider(*std::prev(e));
    if (effort_) effort_->spend(looked_at / entries_of_a_try);
    return found;
}

std::optional<SeparationRules::Conflict> SeparationRules::conflict_of_children(const Entries& entries,
                                                                               DayTime at,
                                                                               milliseconds length) const {
    const auto distance = day_->children_distance;
    auto e = std::lower_bound(entries.begin(), entries.end(), at - distance - longest_,
                              [](const Entry& x, DayTime time) { return x.start < time; });
    std::optional<Conflict> found;
    for (; e != entries.end() && e->start < at + length + distance; ++e) {
        if (e->end + distance > at) found = Conflict{Obstacle::children, e->booking, e->end + distance};
    }
    return found;
}

std::optional<SeparationRules::Conflict> SeparationRules::find_conflict(BookingIndex booking,
                                                                        const Item& item, DayTime at,
                                                                        milliseconds length) const {
    const auto& facts = day_->segments[item.key];
    const auto& own = day_->bookings[booking];
    if (facts.widest_separation > milliseconds{}) {
        if (auto conflict = conflict_of_starts(segments_[item.key], booking, at, own.separation,
                                               facts.widest_separation, Obstacle::separation))
            return conflict;
    }
    for (const auto topic : facts.topics) {
        if (auto conflict = conflict_of_starts(topics_[topic], booking, at, own.topic_separation,
                                               day_->topic_separations[topic], Obstacle::topic_separation))
            return conflict;
    }
    if (facts.child) {
        if (auto conflict = conflict_of_children(rated_, at, length)) return conflict;
    }
    if (facts.rated) return conflict_of_children(children_, at, length);
    return {};
}

}  // namespace riverlight::scheduler
