#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/country.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "scheduler/plan/obstacle.hpp"

/// What airs at one place on one broadcast day. Values only: `planner.hpp` makes plans, `plan_json.hpp`
/// writes them.
namespace riverlight::scheduler {

/// One segment on one outlet, planned: a record with one member for each key of its JSON. The airings of a
/// plan are in order of start and never overlap.
struct PlannedAiring {
    std::string id;  ///< 32 hex digits: SHA-256 over place, date, booking and play (a rotation's number, a
                     ///< position in a run, a filler's start). Office and board compute the same id
    Instant start{}, end{};
    BookingKind kind{};
    bool hard = false;  ///< starts on its frame and cuts what is on
    LateRule late = LateRule::join;
    bool cut = false;  ///< ends before its segment does: a filler, a block's last item, or cut by a takeover
    std::chrono::milliseconds into{
        0};  ///< starts this far into its segment, as a block joined in progress does
    std::string campaign, booking;
    std::string segment;
    int revision = 1;
    std::string locale_asked;  ///< the language this airing is meant for
    std::string locale;        ///< the locale that airs: the one asked for, or a cleared fallback
    bool padding = false;      ///< fills time that a block has left; not in its JSON
};

/// A play that a booking asked for and the plan does not hold.
struct Shortfall {
    std::string campaign, booking;
    std::string segment;  ///< empty: any of the booking's
    Instant when{};       ///< when it was due; the day's start if it can never air that day
    int plays = 1;
    Obstacle why{};
    std::string reason;   ///< the same as a sentence, for people
    std::string instead;  ///< the booking that has its time; empty if none
    Instant until{};      ///< the last moment at which it could have started
};

enum class GapCause {
    nothing_booked,  ///< no booking may air: the player shows its slate
    closed           ///< the place is closed: nothing is missing
};
/// `nothing-booked` or `closed`.
[[nodiscard]] std::string_view to_text(GapCause cause);
/// A sentence for people.
[[nodiscard]] std::string_view describe(GapCause cause);

/// A part of the day without an airing.
struct Gap {
    Instant from{}, until{};
    GapCause cause = GapCause::nothing_booked;
};

struct Plan {
    std::string place;
    std::chrono::local_days day{};
    std::string zone;
    Instant from{}, until{};  ///< the broadcast day; plan_from and plan_rest begin later
    std::vector<PlannedAiring> airings;
    std::vector<Shortfall> shortfalls;  ///< in order of `when`
    std::vector<Gap> gaps;              ///< in order of time, disjoint
};

/// All shortfalls and gaps of a plan in order of time, as JSON and iCalendar list them; a shortfall comes
/// before a gap that begins at the same time. Views the plan.
using PlanLoss = std::variant<const Shortfall*, const Gap*>;
[[nodiscard]] std::vector<PlanLoss> losses_by_time(const Plan& plan);

/// One airing that was really on, whole or in part.
struct Aired {
    std::string id;  ///< the planned airing's
    std::string booking, segment;
    Instant start{}, end{};
};

}  // namespace riverlight::scheduler
