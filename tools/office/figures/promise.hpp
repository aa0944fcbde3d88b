#pragma once
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "scheduler/plan/plan.hpp"

/// What a place owes on one broadcast day. Values and arithmetic: no I/O, no clock.
namespace riverlight::office {

/// Why a promise no longer stands.
enum class WaiveCause {
    planned_again,  ///< a later release planned the rest of the day without it
    board_retired,  ///< the place has no board any more
    place_removed   ///< the channel no longer lists the place
};
/// As kept plans name it: `planned-again`.
[[nodiscard]] std::string_view to_text(WaiveCause cause);
[[nodiscard]] std::optional<WaiveCause> parse_waive_cause(std::string_view text);
/// A sentence for people.
[[nodiscard]] std::string_view describe(WaiveCause cause);

/// A promise that had not begun at `at` no longer stands from then on. If its board airs it nevertheless, it
/// counts as aired.
struct Waiver {
    Instant at{};
    WaiveCause cause{};
    friend bool operator==(const Waiver&, const Waiver&) = default;
};

/// One planned play of a fixed booking, a rotation or a block. Its id is the planner's: it stays the same
/// when a board or a later release plans the play for another time.
struct Promise {
    std::string id;
    Instant start{}, end{};
    std::string campaign, segment, locale;  ///< `locale`: the one planned to air
    std::string booking{};
    scheduler::BookingKind kind = scheduler::BookingKind::rotation;
    std::optional<Instant> made{};   ///< by a release in the middle of the day; absent: before the day began
    std::optional<Waiver> waived{};  ///< absent: it stands
    friend bool operator==(const Promise&, const Promise&) = default;
};

/// How long it was planned; never negative.
[[nodiscard]] std::chrono::milliseconds length_of(const Promise& promise);

/// What a place owes on a day, and the release that it was last planned from.
struct KeptPlan {
    std::string release;
    std::vector<Promise> promises;
    /// Bookings whose plays are air time, not promises, unless their id is promised: fillers, takeovers, and
    /// blocks, which fill what time they have left.
    std::set<std::string> air_time{};
    /// False of a plan that an earlier office kept: fillers are among its promises (without_fillers()).
    bool knows_kinds = true;
};

/// Format 2: {"format":2,"release","air_time":[booking…],"promises":[[id, start, end, campaign, segment,
/// locale, booking, kind]…]}; a promise that was made or waived in the middle of the day has three more
/// texts: made, waived at, cause (empty: not so). A plan that does not know kinds is written as format 1, as
/// it came: {"format":1,"release","airings":[[id, start, end, campaign, segment, locale]…]}.
[[nodiscard]] std::string write_kept_plan(const KeptPlan& plan);
/// Throws Error for anything else.
[[nodiscard]] KeptPlan read_kept_plan(const std::string& json);

/// The promises of a plan, as the day begins.
[[nodiscard]] KeptPlan kept_plan_of(const scheduler::Plan& plan, const scheduler::Schedule& schedule,
                                    const std::string& release);
/// A plan that an earlier office kept, as far as a schedule tells fillers: a campaign's segment that only
/// fillers and takeovers book is air time.
[[nodiscard]] KeptPlan without_fillers(KeptPlan old, const scheduler::Schedule& schedule);

/// A day that is planned again at `now`. What had begun stays as it was. What had not, and is not planned any
/// more, is waived as `planned_again`. What is new counts from `now` on.
[[nodiscard]] KeptPlan planned_again(KeptPlan old, const KeptPlan& fresh, Instant now);
/// A day whose place has no plan from `now` on: what had not begun is waived.
[[nodiscard]] KeptPlan waive_rest(KeptPlan plan, Instant now, WaiveCause cause);

}  // namespace riverlight::office
