#pragma once
#include <cstdint>
#include <mutex>
#include <string>

#include "content/base/instant.hpp"
#include "firmware/clock/clock.hpp"

namespace riverlight::firmware {

/// Bytes received from the channel in the current calendar month at the place, kept over restarts in a small
/// file. Safe from any thread.
///
/// The clock moves the month by how far it is trusted: one that is only a floor never does; one that runs but
/// is not synchronised moves it on, never back; a synchronised one is right. Where that turns the month back
/// (the clock had been ahead), what was counted stays counted.
class Budget {
  public:
    /// `file` need not exist; a spoiled one counts as empty.
    explicit Budget(std::string file);
    ~Budget();
    Budget(const Budget&) = delete;

    /// Counts; the file follows every 4 MiB and at save().
    void received(std::uint64_t bytes, const ClockReading& clock, const std::string& zone);
    /// Of this month.
    [[nodiscard]] std::uint64_t used(const ClockReading& clock, const std::string& zone);
    /// Writes the file where something has changed. What fails is tried again at the next call.
    void save();

  private:
    void turn(const ClockReading& clock, const std::string& zone);
    void write();

    std::mutex mutex_;
    std::string file_, month_;  // all guarded by mutex_; month: `2026-11`, empty at first
    std::uint64_t used_ = 0, unsaved_ = 0;
    bool changed_ = false;
};

}  // namespace riverlight::firmware
