#pragma once
#include <string>
#include <string_view>

namespace riverlight::scheduler {

/// Why a booking does not air: the cause of a shortfall or an explanation, for programs.
enum class Obstacle {
    unknown_segment,   ///< the channel has no segment of that name
    not_cleared,       ///< no locale that the place understands is cleared at that time
    embargo,           ///< before the campaign's embargo, or after its expiry
    rating,            ///< outside the rating's hours
    children,          ///< too near a segment made for children, or such a segment too near a rated one
    window,            ///< outside the booking's dayparts
    closed,            ///< the place is closed at that time
    audience,          ///< the campaign's audience does not include the place
    not_that_day,      ///< validity, recurrence or holidays exclude the day
    separation,        ///< too near another airing of the same segment
    topic_separation,  ///< too near an airing of a segment that shares a topic
    daily_cap,         ///< the booking has reached its daily cap
    taken,             ///< another booking has the time
    no_time,           ///< no free time between release and deadline
    day_end,           ///< it would run past the end of the broadcast day
    trimmed,           ///< the block's programme is longer than its window
    takeover,          ///< a takeover is on
    missed,            ///< it did not air at its time, and may not air later
    not_due,           ///< only in explanations: its next play is due at another time
    lesser,            ///< only in explanations: what is on has precedence
};
/// In kebab-case: `not-cleared`.
[[nodiscard]] std::string_view to_text(Obstacle obstacle);

/// A sentence for people: why a play is not in the plan. `fixed`: the play had a start time of its own,
/// unlike a rotation's. `by`: the booking in the way; `segment`: the one that was due; either may be empty.
[[nodiscard]] std::string describe_loss(Obstacle why, bool fixed, const std::string& by,
                                        const std::string& segment);

}  // namespace riverlight::scheduler
