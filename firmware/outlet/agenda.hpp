#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/clock/clock.hpp"
#include "firmware/outlet/plan_request.hpp"

namespace riverlight::firmware {

/// Why an airing's time passed unplayed.
enum class MissCause : std::uint8_t {
    not_playing,  ///< no player, or no board
    closed,       ///< the place was closed
    replanned,    ///< the rest of the day was planned again without it
};
/// As a sentence, for records.
[[nodiscard]] std::string_view to_text(MissCause cause);

/// What a plan that was made changes.
enum class PlanEffect : std::uint8_t {
    nothing,   ///< it is out of date, or could not be made
    next_day,  ///< the next day follows what was planned before
    again,     ///< the day was planned again: what comes next does not follow what was taken before
};

/// What is still to come on an outlet: the plan of its place, day by day, taken from the front. Plans are
/// made elsewhere: it asks for one at a time, and goes on with what it has until the answer is there. Pure.
/// On the loop's thread.
class Agenda {
  public:
    /// Nothing planned before `since` counts as missed: the board was not in service. The instant may become
    /// known later, or be corrected.
    void set_in_service_since(Instant since) { in_service_since_ = since; }
    /// Whether an airing counts as missed if it is not played.
    [[nodiscard]] bool is_expected(const scheduler::PlannedAiring& planned) const {
        return planned.start >= in_service_since_;
    }

    /// The day is planned again from `programme`; what is planned until then is still played.
    void begin(std::shared_ptr<const Programme> programme);
    /// The newest: what may air, and where.
    [[nodiscard]] const std::shared_ptr<const Programme>& programme() const { return programme_; }
    /// The one that coming() was planned from; null: nothing is planned.
    [[nodiscard]] const std::shared_ptr<const Programme>& planned_from() const { return planned_from_; }

    /// What was on the outlet since an instant, over or not, and what is sure to be on before another.
    using AiredBetween = std::function<std::vector<scheduler::Aired>(Instant since, Instant before)>;
    /// The plan that `now` needs, unless one is being made: the rest of the day at the beginning, for a new
    /// programme and after trouble (airings passed unplayed: a player that would not start, a board that
    /// slept, a clock that was set); the next day ten minutes early.
    [[nodiscard]] std::optional<PlanRequest> ask(const ClockReading& now, const AiredBetween& aired_between);
    /// Takes over the answer to ask(). One without a plan is asked for again after a minute.
    [[nodiscard]] PlanEffect accept(MadePlan made, const ClockReading& now);
    /// An airing came on air: a plan that is being made and does not know of it is made again.
    void set_on_air(const std::string& airing);
    /// Whether an airing was sure to be on when the day's plan was asked for: the plan begins after it.
    [[nodiscard]] bool is_counted(const std::string& airing) const { return counted_.contains(airing); }

    struct Missed {
        scheduler::PlannedAiring planned;
        MissCause cause;
    };
    /// Airings that are over and were not played, at most `most`; each is returned once.
    [[nodiscard]] std::vector<Missed> take_missed(Instant now, std::size_t most);

    /// Not taken yet, in order.
    [[nodiscard]] const std::deque<scheduler::PlannedAiring>& coming() const { return coming_; }
    /// coming() is not empty.
    scheduler::PlannedAiring take_next();
    /// The display is off at the airing's time. When that is over take_missed() returns it; it is not made
    /// good.
    void pass_over(scheduler::PlannedAiring planned) { closed_.push_back(std::move(planned)); }
    /// The same of an airing that is over already.
    void pass_over(Missed& missed) {
        missed.cause = MissCause::closed;
        set_done(missed.planned);
    }
    /// The outlet has finished an airing: it is not planned again in this run.
    void set_done(const scheduler::PlannedAiring& planned) { done_[planned.id] = planned.end; }
    [[nodiscard]] bool is_done(const std::string& airing) const { return done_.contains(airing); }

  private:
    using Airings = std::deque<scheduler::PlannedAiring>;
    /// A request that is not answered yet.
    struct Asked {
        std::int64_t number = 0;
        MonotonicTime at{};
        bool rest = false;
        bool outdated = false;  ///< an airing came on air that it does not know of
    };

    [[nodiscard]] bool needs_rest(Instant now) const;
    [[nodiscard]] bool has_missed(Instant now) const;
    [[nodiscard]] PlanRequest::Rest rest_from(Instant now, const AiredBetween& aired_between);
    [[nodiscard]] bool is_usable(const MadePlan& made, const Asked& asked, const ClockReading& now);
    void take_over_rest(MadePlan made);

    // More than 12 members: what is planned, what was asked for, and what is over.
    Instant in_service_since_{};
    std::shared_ptr<const Programme> programme_, planned_from_, asked_from_;
    Airings coming_;
    Airings past_;      ///< over and not played; not returned yet
    Airings held_;      ///< over while the rest of the day is being planned: the plan may make it good
    Airings replaced_;  ///< of the day's plan, not of its rest after trouble
    Airings closed_;    ///< passed over, not over yet
    std::chrono::local_days day_{};        ///< the last that is planned
    std::optional<Instant> until_;         ///< its end; none: nothing is planned
    std::map<std::string, Instant> done_;  ///< finished airings and their planned ends
    std::optional<Asked> asked_;
    std::set<std::string> counted_;              ///< airings that the last request for a rest knew of
    std::int64_t requests_ = 0;                  ///< made so far
    int made_again_ = 0;                         ///< in a row, since the answer was out of date
    std::chrono::microseconds lead_{};           ///< plans of a rest begin so much later: they take that long
    std::optional<MonotonicTime> next_attempt_;  ///< after a plan that could not be made
};

}  // namespace riverlight::firmware
