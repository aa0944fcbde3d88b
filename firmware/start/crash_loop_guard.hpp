#pragma once
#include <functional>
#include <vector>

#include "firmware/config/config.hpp"
#include "firmware/start/decision.hpp"
#include "firmware/start/stability.hpp"

namespace riverlight::firmware {

/// Watches a running board: records that its start is stable, and decides when a board in a reduced mode can
/// start again in a better one. The count of failed starts is StartCounter's; the choice of a mode is
/// decide_start()'s. Owner: the daemon's loop thread.
class CrashLoopGuard {
  public:
    /// `state_usable` is asked in `no_state` mode only: whether the state folder works again.
    /// `settings_usable` is asked while the settings are not those of the file: whether they can be read
    /// again; may be empty. `start` must outlive the guard.
    CrashLoopGuard(StartDecision& start, const SafeModeConfig& limits, MonotonicTime began,
                   std::function<bool()> state_usable, std::function<bool()> settings_usable = {});

    enum class Verdict { keep_running, restart };
    /// Call it every few seconds, and not after `restart`. Throws DiskFault where the count cannot be
    /// written; the next call tries again.
    [[nodiscard]] Verdict poll(MonotonicTime now, const std::vector<OutletProgress>& outlets);

    /// Whether this start has proved stable, and that was recorded.
    [[nodiscard]] bool is_stable() const { return stable_; }

  private:
    [[nodiscard]] bool can_restart(MonotonicTime now);
    void record_stability(MonotonicTime now, const std::vector<OutletProgress>& outlets);

    StartDecision& start_;
    SafeModeConfig limits_;
    MonotonicTime began_;
    std::function<bool()> state_usable_, settings_usable_;
    StabilityCheck stability_;
    bool stable_ = false;  ///< and recorded
    bool restarting_ = false;
};

}  // namespace riverlight::firmware
