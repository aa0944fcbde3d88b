#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/draft.hpp"
#include "scheduler/plan/play_ids.hpp"

namespace riverlight::scheduler {

/// Turns drafts of one day into plans: ids, instants, locales, reasons.
class PlanBuilder {
  public:
    /// All three must outlive it.
    PlanBuilder(const content::Place& place, const LocalDay& bounds, const Day& day);

    /// The id of a play that has a number: SHA-256 over place, date, booking and number.
    [[nodiscard]] std::string id_of(BookingIndex booking, int number) const;

    /// `before`: what was on before the first airing of `draft`; it counts for the rotation of languages.
    [[nodiscard]] Plan build(const DraftPlan& draft, const std::vector<DraftAiring>& before) const;

  private:
    [[nodiscard]] std::string id_of(const DraftAiring& airing) const;
    /// Splits a gap where the place opens or closes.
    void add_gaps(Plan& plan, const Interval& gap) const;
    [[nodiscard]] Shortfall shortfall_of(const DraftShortfall& draft) const;

    const content::Place& place_;
    const LocalDay& bounds_;
    const Day& day_;
    std::vector<PlayIds> ids_;  ///< by booking
};

}  // namespace riverlight::scheduler
