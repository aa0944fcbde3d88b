#pragma once
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/country.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/schedule.hpp"

/// What airs when at one place on one broadcast day: a pure function, the same on the board and in the
/// office.
namespace riverlight::scheduler {

/// One segment on one outlet, planned. Times are exact; airings of a plan are ordered and never overlap.
struct PlannedAiring {
    std::string id;  ///< 32 hex digits: SHA-256 over place, date, booking and its play (a rotation's turn, a
                     ///< place in a run, a filler's start); equal wherever and whenever it is computed
    Instant start{}, end{};
    BookingKind kind{};
    bool hard = false;  ///< starts on its frame, cutting what is on
    LateRule late = LateRule::join;
    bool cut =
        false;  ///< ends before its segment does: a filler, a block's last, or what a takeover broke off
    std::chrono::milliseconds into{0};  ///< starts this far into its segment: a block joined in progress
    std::string campaign, booking;
    std::string segment;
    int revision = 1;
    std::string locale_asked;  ///< the language this airing is meant for
    std::string locale;        ///< the one that airs: asked, or a cleared fallback
};

/// What stood in a play's way, for programs.
enum class Obstacle {
    unknown_segment,   ///< the channel holds no segment of that name
    not_cleared,       ///< no locale that the place understands is cleared then
    embargo,           ///< before the campaign's embargo, or after its expiry
    rating,            ///< outside the rating's hours
    children,          ///< too near a segment made for children, or that segment too near a rated one
    window,            ///< outside the booking's dayparts
    closed,            ///< the place is closed then
    audience,          ///< the place is not among those the campaign is for
    not_that_day,      ///< validity, recurrence, holidays
    separation,        ///< the same segment too near
    topic_separation,  ///< a segment that shares a topic too near
    daily_cap,         ///< the booking has had its plays of the day
    taken,             ///< another booking holds the time
    no_time,           ///< no free time left in its turn or within its lateness limit
    day_end,           ///< it would run past the end of the broadcast day
    trimmed,           ///< the block's programme is longer than its window
    takeover,          ///< a takeover is on
    missed,            ///< it did not air when it was to, and may not come later
    nothing_booked,    ///< of the slate: nothing may air then
    not_due,           ///< only in explanations: its next play is due at another time
    lesser,            ///< only in explanations: what airs comes first
};
/// In kebab-case: `not-cleared`.
[[nodiscard]] std::string_view to_text(Obstacle obstacle);

/// A play that a booking asked for and the plan does not hold, or a hole (booking `slate`).
struct Shortfall {
    std::string campaign, booking;
    std::string segment;  ///< may be empty: any of the booking's
    Instant when{};       ///< the occurrence, or the day's start; of a slate where the hole begins
    int plays = 1;
    Obstacle why{};
    std::string reason;   ///< the same as a sentence, for people
    std::string instead;  ///< the booking that took its place; empty if none did
    Instant until{};  ///< of a slate where the hole ends; else the last moment at which it might have begun
};

/// Whether it is no loss at all: the place is closed then.
[[nodiscard]] inline bool is_closed_time(const Shortfall& s) {
    return s.booking == "slate" && s.why == Obstacle::closed;
}

struct Plan {
    std::string place;
    std::chrono::local_days day{};
    std::string zone;
    Instant from{}, until{};  ///< the broadcast day's ends; plan_from and plan_rest begin later
    std::vector<PlannedAiring> airings;
    std::vector<Shortfall> shortfalls;
};

/// One airing that was really on, whole or in part, for plan_rest.
struct Aired {
    std::string id;  ///< the planned airing's
    std::string booking, segment;
    Instant start{}, end{};
};

/// The broadcast day that holds `at`: from `day_start` of a date to `day_start` of the next.
[[nodiscard]] LocalDay broadcast_day_of(const Schedule& schedule, const std::string& zone, Instant at);
[[nodiscard]] LocalDay broadcast_day_of(std::chrono::minutes day_start, const std::string& zone, Instant at);
[[nodiscard]] LocalDay broadcast_day(const Schedule& schedule, const std::string& zone,
                                     std::chrono::local_days day);
[[nodiscard]] LocalDay broadcast_day(std::chrono::minutes day_start, const std::string& zone,
                                     std::chrono::local_days day);

/// Plans one broadcast day at `place`. Pure: no I/O, no clock, no randomness but `seed`. Holes that no
/// booking can fill are left (the player's slate shows) and listed as Shortfalls of booking `slate`; so is
/// the time at which the place is closed, `why` closed. Throws
/// Error for a zone that the tz database lacks.
[[nodiscard]] Plan plan_day(const Schedule& schedule, const content::Catalogue& catalogue,
                            const content::Place& place, std::chrono::local_days day, std::uint64_t seed);

/// The rest of the broadcast day that holds `from`: exactly the airings of plan_day that end after it, and
/// the holes; whenever it is asked for.
[[nodiscard]] Plan plan_from(const Schedule& schedule, const content::Catalogue& catalogue,
                             const content::Place& place, Instant from, std::uint64_t seed);

/// The rest of the day after trouble: `aired` is what was on since the day began (in any order; what was
/// planned, did not air and is over counts as missed), `now` the first moment that may be planned. Fixed
/// bookings keep their lateness rule, blocks their rejoin rule; a rotation's missed plays are spread over
/// what is left of its windows as far as caps, separations and priorities allow, and keep their ids; what
/// finds no time is a Shortfall `missed`. Where nothing was missed it is plan_from(now), byte for byte.
[[nodiscard]] Plan plan_rest(const Schedule& schedule, const content::Catalogue& catalogue,
                             const content::Place& place, std::chrono::local_days day, std::uint64_t seed,
                             std::span<const Aired> aired, Instant now);

/// Another booking of the schedule at that moment, and why it is not on.
struct Candidate {
    std::string campaign, booking;
    BookingKind kind{};
    Obstacle why{};
    std::string reason;  ///< a sentence
};
/// What airs at an instant and why not each other booking.
struct Explanation {
    Instant at{};
    std::vector<PlannedAiring> on_air;  ///< one, or none: the slate
    std::string because;                ///< a sentence: why this one
    std::vector<Candidate> others;      ///< every other booking, in the schedule's order
};
[[nodiscard]] Explanation explain_at(const Schedule& schedule, const content::Catalogue& catalogue,
                                     const content::Place& place, Instant at, std::uint64_t seed);

/// The plan's canonical JSON (format 1), byte for byte the same for the same plan.
[[nodiscard]] std::string write_plan(const Plan& plan);

/// The locale that airs at `place` for a viewer who asked for `asked`, by the chain asked → its
/// macro-language → the fallbacks that the place names for it → the place's other languages by share → the
/// segment's fallback; only locales that exist and are cleared for all of [from, until). Empty: none.
[[nodiscard]] std::string choose_locale(const content::Manifest& segment, const content::Country& country,
                                        const content::Place& place, std::string_view asked, Instant from,
                                        Instant until);

}  // namespace riverlight::scheduler
