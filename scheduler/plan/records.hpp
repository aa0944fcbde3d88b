#pragma once
#include <string>
#include <vector>

#include "scheduler/plan/takeover.hpp"

namespace riverlight::scheduler {

/// Writes what was planned of one day as others read it: ids, instants, locales, sentences.
class Records {
  public:
    /// All three must outlive it.
    Records(const content::Place& place, const LocalDay& bounds, const Day& day);

    /// An airing's id: SHA-256 over place, date, booking and number; `by_start`: the number is a start.
    [[nodiscard]] std::string id_of(std::uint32_t claim, bool by_start, Tick number) const;
    /// `before`: what was on before the first of `outcome`; it has had its languages.
    [[nodiscard]] Plan written(const Outcome& outcome, const std::vector<Draft>& before) const;

  private:
    /// A hole is split where the place opens or closes.
    void add_gaps(Plan& plan, const Hole& hole) const;
    [[nodiscard]] Shortfall shortfall_of(const Fall& fall) const;

    const content::Place& place_;
    const LocalDay& bounds_;
    const Day& day_;
    std::vector<std::string> id_prefixes_;  ///< by claim
};

}  // namespace riverlight::scheduler
