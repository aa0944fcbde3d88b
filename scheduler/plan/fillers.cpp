#include "scheduler/plan/fillers.hpp"

#include <algorithm>

namespace riverlight::scheduler {

Fillers::Fillers(const Ground& ground)
    : day_(*ground.day), tallies_(ground.tallies), padding_(day_.claims.size()) {
    for (std::uint32_t c = 0; c < day_.claims.size(); ++c) {
        const auto& claim = day_.claims[c];
        padding_[c].items.resize(claim.padding.size());
        if (claim.is(BookingKind::filler)) classes_[-claim.priority].emplace(tallies_[c].plays, c);
    }
}

bool Fillers::has_own(std::int64_t block) const {
    return block >= 0 && !day_.claims[static_cast<std::size_t>(block)].padding.empty();
}

void Fillers::note(const Item& item) {
    in_a_row_ = item.key == last_ ? in_a_row_ + 1 : 1;
    last_ = item.key;
}

/// Whether an item would follow itself more often than its weight asks for; `bookings`: how many share the
/// time with its own, each with as many plays.
bool Fillers::has_had_its_turn(const std::vector<Item>& items, std::size_t item, Tick bookings) const {
    const auto& one = items[item];
    if (one.key != last_) return false;
    Tick weights = 0;
    for (const auto& each : items) weights += each.weight;
    const auto others = bookings * weights - one.weight;
    return others > 0 && in_a_row_ * others >= one.weight;
}

/// The length at which an item may be shown now; 0: not at all.
Tick Fillers::length_of(std::uint32_t c, bool padding, std::size_t item, const Gap& gap, bool whole,
                        const Rules& rules) const {
    const auto& one = items(c, padding)[item];
    auto length = one.length;
    const auto end = gap.now + length;
    const bool fits = end <= gap.to - least_shown || end == gap.to || (end > gap.to && end <= gap.last);
    if (whole != fits) return 0;
    if (!whole) {
        length = end >= gap.to ? gap.to - gap.now : gap.to - gap.now - least_shown;
        if (length < least_shown) return 0;
    }
    if (gap.now > one.last_start || !covers(one.allowed, gap.now, gap.now + length)) return 0;
    if (!padding && covers(day_.segments[one.key].kept, gap.now, gap.now)) return 0;
    return rules.refuses(c, one, gap.now, length) ? 0 : length;
}

/// The item that is owed most of those that may be shown so, for so long.
std::optional<std::pair<std::size_t, Tick>> Fillers::item_of(std::uint32_t c, bool padding, const Gap& gap,
                                                             Way way, Tick bookings, const Rules& rules) {
    const auto& all = items(c, padding);
    const auto& tally = (padding ? padding_ : tallies_)[c];
    tried_.assign(all.size(), false);
    for (int i = next_item(all, tally, tried_); i >= 0; i = next_item(all, tally, tried_)) {
        const auto index = static_cast<std::size_t>(i);
        if (has_had_its_turn(all, index, bookings) == way.repeated) {
            const auto length = length_of(c, padding, index, gap, way.whole, rules);
            if (length > 0) return std::pair(index, length);
        }
        tried_[index] = true;
    }
    return {};
}

Fillers::Shown Fillers::shown(std::uint32_t c, bool padding, std::size_t item, Tick length) {
    auto& tally = (padding ? padding_ : tallies_)[c];
    ++tally.plays;
    ++tally.items[item];
    note(items(c, padding)[item]);
    return {c, item, padding, length};
}

std::optional<Fillers::Shown> Fillers::of_block(const Gap& gap, std::uint32_t c, const Rules& rules) {
    for (const auto& way : ways) {
        if (const auto item = item_of(c, true, gap, way, 1, rules))
            return shown(c, true, item->first, item->second);
    }
    return {};
}

std::optional<Fillers::Shown> Fillers::of_class(const Gap& gap, Class& fillers, const Rules& rules) {
    std::erase_if(fillers, [&](const auto& one) {
        const auto cap = day_.claims[one.second].booking->daily_cap;
        return cap > 0 && one.first >= cap;
    });
    const auto bookings = static_cast<Tick>(fillers.size());
    for (const auto& way : ways) {
        for (auto filler = fillers.begin(); filler != fillers.end(); ++filler) {
            const auto [plays, c] = *filler;
            const auto item = item_of(c, false, gap, way, bookings, rules);
            if (!item) continue;
            fillers.erase(filler);
            fillers.emplace(plays + 1, c);
            return shown(c, false, item->first, item->second);
        }
    }
    return {};
}

std::optional<Fillers::Shown> Fillers::next(const Gap& gap, std::int64_t block, const Rules& rules) {
    if (has_own(block)) return of_block(gap, static_cast<std::uint32_t>(block), rules);
    for (auto& [unused, fillers] : classes_)
        if (auto found = of_class(gap, fillers, rules)) return found;
    return {};
}

Tick Fillers::next_chance(const Gap& gap, std::int64_t block, const Rules& rules) const {
    auto next = gap.to;
    const auto consider = [&](Tick at) {
        if (at > gap.now) next = std::min(next, at);
    };
    const auto look = [&](std::uint32_t c, bool padding) {
        for (const auto& one : items(c, padding)) {
            for (const auto& s : one.allowed) consider(s.from);
            if (!padding)
                for (const auto& s : day_.segments[one.key].kept) consider(s.until);
            const auto length = std::min(one.length, std::max<Tick>(1, gap.to - gap.now));
            if (const auto no = rules.refuses(c, one, gap.now, length)) consider(no->again);
        }
    };
    if (has_own(block)) {
        look(static_cast<std::uint32_t>(block), true);
        return next;
    }
    for (const auto& [unused, fillers] : classes_)
        for (const auto& [plays, c] : fillers) look(c, false);
    return next;
}

}  // namespace riverlight::scheduler
