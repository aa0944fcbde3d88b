#pragma once
#include <cstdint>
#include <mutex>
#include <string>

#include "content/base/instant.hpp"
#include "firmware/clock/clock.hpp"

namespace riverlight::firmware {

/// Counts the bytes received from the channel in the current calendar month at the place. A small file keeps
/// the count over restarts. Safe from any thread.
///
/// How far the clock is trusted decides whether it changes the month: a floor never does, an unsynchronised
/// clock only forwards, a synchronised one always. If the month goes back (the clock had been ahead), the
/// count is kept.
///
/// The file keeps the place's zone too: a board that starts again knows it only once it has read the channel,
/// and its month does not change meanwhile. Before a board knows its zone for the first time, months are
/// UTC's, and what it counted is of the month that the zone then says.
class MonthlyBudget {
  public:
    /// `file` need not exist; a damaged one counts as empty.
    explicit MonthlyBudget(std::string file);
    ~MonthlyBudget();
    MonthlyBudget(const MonthlyBudget&) = delete;

    /// `zone` is the place's; empty if it is not known. The file is written every 4 MiB and at save().
    void count_received(std::uint64_t bytes, const ClockReading& clock, const std::string& zone);
    /// Bytes of this month.
    [[nodiscard]] std::uint64_t used(const ClockReading& clock, const std::string& zone);
    /// Writes the file if the count has changed. If that fails, the next call tries again.
    void save();

  private:
    void update_month(const ClockReading& clock, const std::string& zone);
    void write();

    std::mutex mutex_;
    std::string file_, month_;  // all guarded by mutex_; month: `2026-11`, empty at first
    std::string zone_;          // empty: never known
    std::uint64_t used_ = 0, unsaved_ = 0;
    bool changed_ = false;
    bool guessed_ = false;  // month_ is UTC's, for want of a zone
};

}  // namespace riverlight::firmware
