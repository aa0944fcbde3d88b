#include "scheduler/plan/filler_picker.hpp"

#include <algorithm>
#include <limits>

namespace riverlight::scheduler {
namespace {

constexpr milliseconds retry_when_spent = std::chrono::seconds{10};

}  // namespace

FillerPicker::FillerPicker(const PlacementProblem& problem, Effort& effort)
    : day_(*problem.day), effort_(effort), tallies_(problem.tallies), padding_tallies_(day_.bookings.size()) {
    for (BookingIndex b = 0; b < day_.bookings.size(); ++b) {
        const auto& booking = day_.bookings[b];
        padding_tallies_[b].items.resize(booking.padding.size());
        if (booking.is(BookingKind::filler) && may_air_more(b, tallies_[b].plays))
            classes_[-booking.priority].emplace(tallies_[b].plays, b);
    }
}

bool FillerPicker::may_air_more(BookingIndex booking, int plays) const {
    const auto cap = day_.bookings[booking].booking->daily_cap;
    return cap == 0 || plays < cap;
}

bool FillerPicker::has_padding(std::optional<BookingIndex> block) const {
    return block && !day_.bookings[*block].padding.empty();
}

void FillerPicker::note_airing(const Item& item) {
    in_a_row_ = item.key == last_ ? in_a_row_ + 1 : 1;
    last_ = item.key;
}

bool FillerPicker::would_repeat(const std::vector<Item>& items, std::size_t item,
                                std::int64_t sources) const {
    const auto& one = items[item];
    if (one.key != last_) return false;
    std::int64_t weights = 0;
    for (const auto& each : items) weights += each.weight;
    const auto others = sources * weights - one.weight;
    return others > 0 && in_a_row_ * others >= one.weight;
}

milliseconds FillerPicker::length_of(Source source, std::size_t item, const Opening& opening, bool whole,
                                     const SeparationRules& rules) const {
    const auto& one = items_of(source)[item];
    auto length = one.length;
    const auto end = opening.now + length;
    // What is left after it is nothing, or long enough for another filler.
    const bool fits =
        end <= opening.to - shortest_shown || end == opening.to || (end > opening.to && end <= opening.last);
    if (whole != fits) return {};
    if (!whole) {
        length = opening.to - opening.now - (end >= opening.to ? milliseconds{} : shortest_shown);
        if (length < shortest_shown) return {};
    }
    if (opening.now > one.last_start || !covers(one.allowed, opening.now, opening.now + length)) return {};
    if (!source.padding && covers(day_.segments[one.key].rotation_only, opening.now, opening.now)) return {};
    return rules.find_conflict(source.booking, one, opening.now, length) ? milliseconds{} : length;
}

std::optional<std::pair<std::size_t, milliseconds>> FillerPicker::pick_item_of(Source source,
                                                                               const Opening& opening,
                                                                               Preference preference,
                                                                               std::int64_t sources,
                                                                               const SeparationRules& rules) {
    const auto& items = items_of(source);
    const auto& tally = tally_of(source);
    DueItems due(items, tally);
    effort_.spend(tries_of_ordering(items.size()));
    while (const auto i = due.next()) {
        if (--tries_left_ < 0) return {};
        effort_.spend(1);
        if (would_repeat(items, *i, sources) == preference.repeated) {
            const auto length = length_of(source, *i, opening, preference.whole, rules);
            if (length > milliseconds{}) return std::pair(*i, length);
        }
    }
    return {};
}

FillerPicker::Filler FillerPicker::count_shown(Source source, std::size_t item, milliseconds length) {
    auto& tally = tally_of(source);
    ++tally.plays;
    ++tally.items[item];
    note_airing(items_of(source)[item]);
    return {source.booking, item, source.padding, length};
}

std::optional<FillerPicker::Filler> FillerPicker::pick_of_block(const Opening& opening, BookingIndex block,
                                                                const SeparationRules& rules) {
    const Source source{block, true};
    for (const auto& preference : preferences) {
        if (const auto item = pick_item_of(source, opening, preference, 1, rules))
            return count_shown(source, item->first, item->second);
    }
    return {};
}

std::optional<FillerPicker::Filler> FillerPicker::pick_of_class(const Opening& opening,
                                                                PriorityClass& fillers,
                                                                const SeparationRules& rules) {
    const auto sources = static_cast<std::int64_t>(fillers.size());
    for (const auto& preference : preferences) {
        for (auto filler = fillers.begin(); filler != fillers.end() && tries_left_ > 0; ++filler) {
            const auto [plays, b] = *filler;
            const auto item = pick_item_of({b, false}, opening, preference, sources, rules);
            if (!item) continue;
            fillers.erase(filler);
            if (may_air_more(b, plays + 1)) fillers.emplace(plays + 1, b);
            return count_shown({b, false}, item->first, item->second);
        }
    }
    return {};
}

std::optional<FillerPicker::Filler> FillerPicker::pick(const Opening& opening,
                                                       std::optional<BookingIndex> block,
                                                       const SeparationRules& rules) {
    tries_left_ = effort_.is_spent() ? Effort::tried_at_once : std::numeric_limits<int>::max();
    if (has_padding(block)) return pick_of_block(opening, *block, rules);
    for (auto& [unused, fillers] : classes_)
        if (auto found = pick_of_class(opening, fillers, rules)) return found;
    return {};
}

DayTime FillerPicker::next_retry(const Opening& opening, std::optional<BookingIndex> block,
                                 const SeparationRules& rules) const {
    auto next = opening.to;
    if (effort_.is_spent()) return std::min(next, opening.now + retry_when_spent);
    const auto consider = [&](DayTime at) {
        if (at > opening.now) next = std::min(next, at);
    };
    const auto consider_items = [&](Source source) {
        effort_.spend(items_of(source).size());
        for (const auto& one : items_of(source)) {
            for (const auto& allowed : one.allowed) consider(allowed.from);
            if (!source.padding)
                for (const auto& owned : day_.segments[one.key].rotation_only) consider(owned.until);
            const auto length = std::min(one.length, std::max(milliseconds{1}, opening.to - opening.now));
            if (const auto conflict = rules.find_conflict(source.booking, one, opening.now, length))
                consider(conflict->retry);
        }
    };
    if (has_padding(block)) {
        consider_items({*block, true});
        return next;
    }
    for (const auto& [unused, fillers] : classes_)
        for (const auto& [plays, b] : fillers) consider_items({b, false});
    return next;
}

}  // namespace riverlight::scheduler
