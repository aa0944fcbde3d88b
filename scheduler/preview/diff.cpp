#include "scheduler/preview/diff.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <deque>

namespace riverlight::scheduler {
namespace {

using Airings = std::map<std::string, const PlannedAiring*>;

Airings by_id(const Plan& plan) {
    Airings out;
    for (const auto& a : plan.airings) out.emplace(a.id, &a);
    return out;
}

bool same(const PlannedAiring& a, const PlannedAiring& b) {
    return a.start == b.start && a.end == b.end && a.segment == b.segment && a.locale == b.locale &&
           a.into == b.into;
}

Change change_of(const PlannedAiring& before, const PlannedAiring& after) {
    return {before.start == after.start ? ChangeKind::altered : ChangeKind::moved, before, after};
}

/// Airings whose id only one plan has, by booking and segment, in order of time.
using Unpaired = std::map<std::pair<std::string, std::string>, std::deque<const PlannedAiring*>>;

Unpaired unpaired(const Plan& plan, const Airings& others) {
    Unpaired out;
    for (const auto& a : plan.airings) {
        if (!others.contains(a.id)) out[{a.booking, a.segment}].push_back(&a);
    }
    return out;
}

void pair_up(Unpaired& before, Unpaired& after, std::vector<Change>& changes) {
    for (auto& [what, old] : before) {
        auto& fresh = after[what];
        for (; !old.empty() && !fresh.empty(); old.pop_front(), fresh.pop_front()) {
            if (!same(*old.front(), *fresh.front()))
                changes.push_back(change_of(*old.front(), *fresh.front()));
        }
        for (const auto* a : old) changes.push_back({ChangeKind::lost, *a, {}});
    }
    for (const auto& [what, fresh] : after) {
        for (const auto* a : fresh) changes.push_back({ChangeKind::gained, {}, *a});
    }
}

void count_changes(DayChange& day, const Plan& before, const Plan& after) {
    for (const auto& a : before.airings) ++day.campaigns[a.campaign].before;
    for (const auto& a : after.airings) ++day.campaigns[a.campaign].after;
    for (const auto& change : day.changes) {
        auto& campaign = day.campaigns[(change.after ? change.after : change.before)->campaign];
        const std::array<int*, 4> counters{&campaign.gained, &campaign.lost, &campaign.moved,
                                           &campaign.altered};
        ++*counters.at(static_cast<std::size_t>(change.kind));
    }
    std::erase_if(day.campaigns, [](const auto& c) {
        return c.second.gained + c.second.lost + c.second.moved + c.second.altered == 0;
    });
}

}  // namespace

std::string_view to_text(ChangeKind kind) {
    static constexpr std::array<std::string_view, 4> names{"gained", "lost", "moved", "altered"};
    return names.at(static_cast<std::size_t>(kind));
}

DayChange compare_plans(const Plan& before, const Plan& after) {
    assert(before.place == after.place && before.day == after.day);
    DayChange day{after.place, after.zone, after.day, {}, {}};
    const auto old = by_id(before), fresh = by_id(after);
    for (const auto& [id, a] : old) {
        const auto twin = fresh.find(id);
        if (twin != fresh.end() && !same(*a, *twin->second))
            day.changes.push_back(change_of(*a, *twin->second));
    }
    auto only_before = unpaired(before, fresh), only_after = unpaired(after, old);
    pair_up(only_before, only_after, day.changes);
    std::stable_sort(day.changes.begin(), day.changes.end(), [](const Change& a, const Change& b) {
        const auto& x = a.after ? *a.after : *a.before;
        const auto& y = b.after ? *b.after : *b.before;
        return std::pair(x.start, x.id) < std::pair(y.start, y.id);
    });
    count_changes(day, before, after);
    return day;
}

}  // namespace riverlight::scheduler
