#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/country.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/schedule.hpp"

/// What airs when at one place on one day: a pure function, the same on the board and in the office.
namespace riverlight::scheduler {

/// One segment on one outlet, planned. Times are exact; airings of a plan are ordered and never overlap.
struct PlannedAiring {
    std::string id;  ///< 32 hex digits: SHA-256 over place, local date, booking, its occurrence and start;
                     ///< equal wherever it is computed
    Instant start{}, end{};
    BookingKind kind{};
    bool hard = false;  ///< starts on its frame, cutting what is on
    LateRule late = LateRule::join;
    std::string campaign, booking;
    std::string segment;
    int revision = 1;
    std::string locale_asked;  ///< the language this airing is meant for
    std::string locale;        ///< the one that airs: asked, or a cleared fallback
};

/// A play that a booking asked for and the plan does not hold.
struct Shortfall {
    std::string campaign, booking;
    std::string segment;  ///< may be empty: any of the booking's
    Instant when{};       ///< the occurrence, or the day's start
    int plays = 1;
    std::string reason;  ///< a sentence: what stood in the way
};

struct Plan {
    std::string place;
    std::chrono::local_days day{};
    std::string zone;
    Instant from{}, until{};  ///< the local day's midnights
    std::vector<PlannedAiring> airings;
    std::vector<Shortfall> shortfalls;
};

/// Plans one local day at `place`. Pure: no I/O, no clock, no randomness but `seed`. Holes that no booking,
/// rotation or filler can fill are left (the player's slate shows) and listed as a Shortfall with booking
/// `slate`. Throws Error for a zone the tz database lacks.
[[nodiscard]] Plan plan_day(const Schedule& schedule, const content::Catalogue& catalogue,
                            const content::Place& place, std::chrono::local_days day, std::uint64_t seed);

/// The plan's canonical JSON (format 1), byte for byte the same for the same plan.
[[nodiscard]] std::string write_plan(const Plan& plan);

/// The locale that airs at `place` for a viewer who asked for `asked`, by the chain asked → its
/// macro-language → the place's other languages by share → the segment's fallback; only locales that exist
/// and are cleared on `day`. Empty: none.
[[nodiscard]] std::string choose_locale(const content::Manifest& segment, const content::Country& country,
                                        const content::Place& place, std::string_view asked,
                                        std::chrono::local_days day);

}  // namespace riverlight::scheduler
