#pragma once
#include <set>
#include <utility>

#include "scheduler/plan/layout.hpp"

namespace riverlight::scheduler {

/// An airing as the planner works on it.
struct Draft {
    std::uint32_t claim = 0;
    std::uint16_t item = 0;
    bool padding = false;  ///< the item is one of the block's own fillers
    bool filler = false;   ///< numbered by its start: a filler, padding, a takeover
    Tick number = 0;
    Tick start = 0, end = 0;
    bool hard = false, cut = false;
    Tick into = 0;
};
[[nodiscard]] inline const Item& item_of(const Day& day, const Draft& draft) {
    const auto& claim = day.claims[draft.claim];
    return draft.padding ? claim.padding[draft.item] : claim.items[draft.item];
}

/// The window of a block that stands.
struct BlockWindow {
    Stretch when;
    std::uint32_t claim = 0;
};

/// Nothing may air in it.
struct Hole {
    Tick from = 0, until = 0;
};

/// What has been: what aired, or is settled, before the planner begins.
struct Past {
    std::vector<Draft> airings;                     ///< by start
    std::set<std::pair<std::uint32_t, Tick>> done;  ///< claim and number of what needs no time any more
    std::set<std::pair<std::uint32_t, Tick>>
        missed;  ///< what had its time in an earlier plan and did not air
};

/// Settles when exactly everything starts and closes what is left with fillers. What the layout has placed
/// keeps its order and is put off at most as far as every promise after it allows, so that fillers are shown
/// whole where they can be; only a filler is ever cut. What may not be filled becomes a hole.
void settle(const Ground& ground, const std::vector<Placed>& placed, const std::vector<BlockWindow>& blocks,
            std::vector<Draft>& airings, std::vector<Hole>& holes);

}  // namespace riverlight::scheduler
