#pragma once
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scheduler/plan/plan_builder.hpp"
#include "scheduler/plan/prepare.hpp"

namespace riverlight::scheduler {

/// Plans one place's broadcast day, whole or from a moment on. Construction reads the schedule for that day;
/// the calls after it only plan. Schedule, catalogue and place must outlive it. See planner.hpp.
class DayPlanner {
  public:
    DayPlanner(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
               const LocalDay& day, std::uint64_t seed);
    DayPlanner(const DayPlanner&) = delete;
    DayPlanner& operator=(const DayPlanner&) = delete;

    [[nodiscard]] Plan whole() const;
    [[nodiscard]] Plan from(Instant now) const;
    [[nodiscard]] Plan rest(std::span<const Aired> aired, Instant now) const;

  private:
    [[nodiscard]] DraftPlan plan(DayTime begin, const History& history) const;
    [[nodiscard]] DraftPlan plan_without_takeovers(DayTime begin, const History& history,
                                                   Effort& effort) const;
    /// What aired, and what of `planned` did not although its time has come.
    [[nodiscard]] History history_of(const DraftPlan& planned, std::span<const Aired> aired,
                                     DayTime now) const;
    /// `key`: the play that it was; null: none of this plan.
    void add_aired(const Aired& aired, const PlayKey* key, History& history) const;

    LocalDay bounds_;
    Day day_;
    std::vector<PacedRotation> rotations_;                        ///< by booking
    std::unordered_map<std::string_view, BookingIndex> indices_;  ///< by the bookings' ids
    RunTimes times_;
    PlanBuilder builder_;
};

}  // namespace riverlight::scheduler
