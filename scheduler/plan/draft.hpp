#pragma once
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "scheduler/plan/day.hpp"

/// A plan in the making: what will become airings, shortfalls and gaps. Inside `scheduler/plan` only.
namespace riverlight::scheduler {

struct DraftAiring {
    BookingIndex booking = 0;
    std::uint16_t item = 0;
    bool padding = false;       ///< the item is one of the block's own fillers
    std::optional<int> number;  ///< a rotation's play or a position in a run; fillers, padding and takeovers
                                ///< have none: their start identifies them
    DayTime start{}, end{};
    bool hard = false, cut = false;
    milliseconds into{};
};
[[nodiscard]] inline const Item& item_of(const Day& day, const DraftAiring& airing) {
    const auto& booking = day.bookings[airing.booking];
    return airing.padding ? booking.padding[airing.item] : booking.items[airing.item];
}

/// A play that finds no time.
struct DraftShortfall {
    BookingIndex booking = 0;
    std::optional<int> number;          ///< none: a takeover's time in which it may show nothing
    std::optional<std::uint16_t> item;  ///< none: any of the booking's
    DayTime when{}, until{};
    Obstacle why{};
    std::optional<BookingIndex> by;  ///< the booking in the way
};

/// A day, or the rest of one, as planned.
struct DraftPlan {
    std::vector<DraftAiring> airings;  ///< by start
    std::vector<Interval> gaps;        ///< by time
    std::vector<DraftShortfall> shortfalls;
};

/// A booking's play by its number.
using PlayKey = std::pair<BookingIndex, int>;

/// What happened before the planner begins.
struct History {
    std::vector<DraftAiring> airings;  ///< what aired, or is settled
    std::set<PlayKey> done;            ///< plays that need no time any more
    std::set<PlayKey> missed;          ///< plays that had a time in an earlier plan and did not air
};

}  // namespace riverlight::scheduler
