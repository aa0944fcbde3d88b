#pragma once
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "tools/office/channel_follower.hpp"
#include "tools/office/store.hpp"

/// Keeps the promises of places' days: one day after the other, and nothing because somebody asked for it.
namespace riverlight::office {

/// A day that has to be planned, from a release. A value: it may be planned on any thread.
struct DayToPlan {
    std::shared_ptr<const Release> release;  // shared: it may be followed by another meanwhile
    DayFacts facts;
    Instant asked{};  ///< what had begun by then stays as it was
    [[nodiscard]] std::optional<KeptPlan> plan() const { return release->plan(facts.place, facts.day); }
};

/// What is to be done, in small steps. Only next() and keep() take long: a few ms each. On the thread that
/// writes.
class PlanKeeper {
  public:
    /// `release`: the current one; null: none yet.
    PlanKeeper(OfficeStore& store, std::function<std::shared_ptr<const Release>()> release)
        : store_(store), release_(std::move(release)) {}

    /// Every place with a board has today and tomorrow planned, and the days that an office that was down has
    /// missed, at most 31. A later release changes what has not begun `now`. Where no board is left, what has
    /// not begun is waived.
    void look_after_all(Instant now);
    /// The same of one place.
    void look_after(const std::string& place, Instant now);

    /// Does a step, and returns the day that it leaves to plan; the plan goes to keep().
    [[nodiscard]] std::optional<DayToPlan> next();
    /// Stores a day as it was planned; nothing for one that cannot be.
    void keep(const DayToPlan& day, std::optional<KeptPlan> plan);
    [[nodiscard]] bool is_done() const { return places_.empty() && days_.empty() && earlier_.empty(); }
    /// All steps, here and now.
    void finish();

  private:
    struct Place {
        std::string id;
        Instant since{}, asked{};
    };
    void waive(const std::string& only, Instant now);
    void add_days(const Place& place);
    [[nodiscard]] bool is_planned(const DayToPlan& day) const;
    void bring_up(const DayFacts& day);

    OfficeStore& store_;
    std::function<std::shared_ptr<const Release>()> release_;
    std::deque<Place> places_;
    std::deque<DayToPlan> days_;
    std::deque<DayFacts> earlier_;  ///< that an earlier office stored
};

}  // namespace riverlight::office
