#pragma once
#include <map>
#include <string>
#include <vector>

#include "scheduler/plan/ground.hpp"

namespace riverlight::scheduler {

/// Plans one place's day, whole or from a tick on. One object, one day.
class DayPlanner {
  public:
    DayPlanner(const Schedule& schedule, const content::Catalogue& catalogue, const content::Place& place,
               const LocalDay& day, std::uint64_t seed);
    [[nodiscard]] Plan whole();
    [[nodiscard]] Plan from(Instant now);
    [[nodiscard]] Plan rest(std::span<const Aired> aired, Instant now);

  private:
    struct Outcome {
        std::vector<Draft> airings;
        std::vector<Hole> holes;
        std::vector<Fall> falls;
    };
    struct Takeover {
        Stretch when;
        std::uint32_t claim = 0;
    };
    Outcome stretch(Tick begin, const Past& past) const;
    Outcome with_takeovers(Tick begin, const Past& past) const;
    void take_over(const Takeover& one, Outcome& out) const;
    [[nodiscard]] bool passed_over(const Fall& fall, const std::vector<Draft>& aired) const;
    [[nodiscard]] std::vector<Takeover> takeovers() const;
    [[nodiscard]] Past past_of(const Outcome& planned, std::span<const Aired> aired, Tick now) const;
    [[nodiscard]] std::string id_of(std::uint32_t claim, bool by_start, Tick number) const;
    [[nodiscard]] Plan written(const Outcome& outcome, const std::vector<Draft>& before) const;
    [[nodiscard]] Shortfall shortfall_of(const Fall& fall) const;

    const content::Place& place_;
    LocalDay bounds_;
    Day day_;
    std::vector<Rotation> rotations_;       ///< by claim
    std::vector<Tick> starts_, ends_;       ///< of fixed bookings and blocks, by claim
    std::vector<std::string> id_prefixes_;  ///< by claim
};

}  // namespace riverlight::scheduler
