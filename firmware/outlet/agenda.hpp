#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "firmware/outlet/programme.hpp"

namespace riverlight::firmware {

/// What is still to come on an outlet: the plan of its place, day by day, used up from the front. Pure but
/// for what it is told. On the loop's thread.
class Agenda {
  public:
    /// What was planned before `since` is nobody's loss: the board was not there yet. It may be found later.
    void there_since(Instant since) { since_ = since; }

    /// Forgets the plan; the next `look_ahead` makes it anew from `programme`.
    void begin(std::shared_ptr<const Programme> programme);
    [[nodiscard]] const std::shared_ptr<const Programme>& programme() const { return programme_; }

    /// What was on the outlet since an instant, over or not.
    using AiredSince = std::function<std::vector<scheduler::Aired>(Instant)>;
    /// Plans as far as `now` needs: the day's rest at the beginning and after trouble (plays that went by
    /// unheard: a player that would not start, a board that slept, a clock that leapt), the next day ten
    /// minutes early. True where the day was planned anew, and nothing follows what was taken before.
    bool look_ahead(Instant now, const AiredSince& aired_since);

    struct Missed {
        scheduler::PlannedAiring planned;
        const char* reason;  ///< as a sentence, for the record
    };
    /// What is over without having been done; each is told once.
    [[nodiscard]] std::vector<Missed> gone_by(Instant now);

    [[nodiscard]] const std::deque<scheduler::PlannedAiring>& coming() const { return planned_; }
    scheduler::PlannedAiring take_next();
    /// The display is off when it is planned: no time is made good for it. gone_by() tells of it.
    void pass(scheduler::PlannedAiring planned) { closed_.push_back(std::move(planned)); }
    /// The outlet is done with an airing: it does not come again in this run.
    void done(const scheduler::PlannedAiring& planned) { over_[planned.id] = planned.end; }
    [[nodiscard]] bool is_done(const std::string& airing) const { return over_.contains(airing); }

  private:
    void forget();
    bool plan_from(Instant now, const AiredSince& aired_since);
    [[nodiscard]] bool lost_some(Instant now) const;

    Instant since_{};
    std::shared_ptr<const Programme> programme_;
    std::deque<scheduler::PlannedAiring> planned_;   ///< not yet taken, in order
    std::deque<scheduler::PlannedAiring> replaced_;  ///< of the day's plan, and not of its rest after trouble
    std::deque<scheduler::PlannedAiring> closed_;    ///< passed, not yet over
    std::chrono::local_days day_{};
    Instant until_{};                      ///< planned as far as this; zero: not yet
    std::map<std::string, Instant> over_;  ///< airings this run is done with, and their planned ends
};

}  // namespace riverlight::firmware
