#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

/// Why an airing's time passed unplayed.
enum class MissCause : std::uint8_t {
    not_playing,  ///< no player, or no board
    closed,       ///< the place was closed
    replanned,    ///< the rest of the day was planned again without it
};
/// As a sentence, for records.
[[nodiscard]] std::string_view to_text(MissCause cause);

/// What is still to come on an outlet: the plan of its place, day by day, taken from the front. Pure. On the
/// loop's thread.
class Agenda {
  public:
    /// Nothing planned before `since` counts as missed: the board was not in service. The instant may become
    /// known later, or be corrected.
    void set_in_service_since(Instant since) { in_service_since_ = since; }

    /// Clears the plan; the next plan_ahead() makes it from `programme`.
    void begin(std::shared_ptr<const Programme> programme);
    [[nodiscard]] const std::shared_ptr<const Programme>& programme() const { return programme_; }

    /// What was on the outlet since an instant, over or not.
    using AiredSince = std::function<std::vector<scheduler::Aired>(Instant)>;
    /// Plans as far as `now` needs: the rest of the day at the beginning and after trouble (airings passed
    /// unplayed: a player that would not start, a board that slept, a clock that was set), the next day ten
    /// minutes early. True if the day was planned again: what comes next does not follow what was taken
    /// before.
    bool plan_ahead(Instant now, const AiredSince& aired_since);

    struct Missed {
        scheduler::PlannedAiring planned;
        MissCause cause;
    };
    /// Airings that are over and were not played; each is returned once.
    [[nodiscard]] std::vector<Missed> take_missed(Instant now);

    /// Not taken yet, in order.
    [[nodiscard]] const std::deque<scheduler::PlannedAiring>& coming() const { return coming_; }
    /// coming() is not empty.
    scheduler::PlannedAiring take_next();
    /// The display is off at the airing's time. When that is over take_missed() returns it; it is not made
    /// good.
    void pass_over(scheduler::PlannedAiring planned) { closed_.push_back(std::move(planned)); }
    /// The outlet has finished an airing: it is not planned again in this run.
    void set_done(const scheduler::PlannedAiring& planned) { done_[planned.id] = planned.end; }
    [[nodiscard]] bool is_done(const std::string& airing) const { return done_.contains(airing); }

  private:
    void clear();
    void plan_next_day();
    void plan_rest_of_day(Instant now, const AiredSince& aired_since);
    [[nodiscard]] bool has_missed(Instant now) const;

    Instant in_service_since_{};
    std::shared_ptr<const Programme> programme_;
    std::deque<scheduler::PlannedAiring> coming_;
    std::deque<scheduler::PlannedAiring> replaced_;  ///< of the day's plan, not of its rest after trouble
    std::deque<scheduler::PlannedAiring> closed_;    ///< passed over, not over yet
    std::chrono::local_days day_{};                  ///< the last that is planned
    std::optional<Instant> until_;                   ///< its end; none: nothing is planned
    std::map<std::string, Instant> done_;            ///< finished airings and their planned ends
};

}  // namespace riverlight::firmware
