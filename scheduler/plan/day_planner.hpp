#pragma once
#include <span>
#include <vector>

#include "scheduler/plan/records.hpp"

namespace riverlight::scheduler {

/// Plans one place's day, whole or from a tick on. One object, one day.
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
    [[nodiscard]] Outcome stretch(Tick begin, const Past& past) const;
    [[nodiscard]] Outcome planned(Tick begin, const Past& past) const;
    [[nodiscard]] Past past_of(const Outcome& planned, std::span<const Aired> aired, Tick now) const;
    void note_aired(const Aired& aired, const std::pair<std::uint32_t, Tick>* known, Past& past) const;

    LocalDay bounds_;
    Day day_;
    std::vector<Rotation> rotations_;  ///< by claim
    RunTimes times_;                   ///< of fixed bookings and blocks, by claim
    Records records_;
};

}  // namespace riverlight::scheduler
