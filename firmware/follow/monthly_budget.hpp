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
class MonthlyBudget {
  public:
    /// `file` need not exist; a damaged one counts as empty.
    explicit MonthlyBudget(std::string file);
    ~MonthlyBudget();
    MonthlyBudget(const MonthlyBudget&) = delete;

    /// The file is written every 4 MiB and at save().
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
    std::uint64_t used_ = 0, unsaved_ = 0;
    bool changed_ = false;
};

}  // namespace riverlight::firmware
