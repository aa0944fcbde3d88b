#include "firmware/start/crash_loop_guard.hpp"

#include <cassert>
#include <utility>

namespace riverlight::firmware {

CrashLoopGuard::CrashLoopGuard(StartDecision& start, const SafeModeConfig& limits, MonotonicTime began,
                               std::function<bool()> state_usable, std::function<bool()> settings_usable)
    : start_(start),
      limits_(limits),
      began_(began),
      state_usable_(std::move(state_usable)),
      settings_usable_(std::move(settings_usable)),
      stability_(limits.lasts) {
    assert(start.counter || start.mode == RunMode::no_state);
}

CrashLoopGuard::Verdict CrashLoopGuard::poll(MonotonicTime now, const std::vector<OutletProgress>& outlets) {
    assert(!restarting_);
    restarting_ = can_restart(now);
    if (restarting_) return Verdict::restart;
    record_stability(now, outlets);
    return Verdict::keep_running;
}

bool CrashLoopGuard::can_restart(MonotonicTime now) {
    if (!start_.settings_fault.empty() && settings_usable_ && settings_usable_()) return true;
    switch (start_.mode) {
        case RunMode::normal:
        case RunMode::no_settings:
            return false;
        case RunMode::no_state:
            return state_usable_();
        case RunMode::safe:
            if (start_.counter->is_removed()) return true;  // somebody asked for it
            if (now - began_ < limits_.tries_again) return false;
            start_.counter->set_failed(limits_.failed_starts -
                                       1);  // one more failure leads back to safe mode
            return true;
    }
    return false;
}

void CrashLoopGuard::record_stability(MonotonicTime now, const std::vector<OutletProgress>& outlets) {
    if (!start_.counter || stable_ || !stability_.observe(now, outlets)) return;
    if (start_.mode == RunMode::safe)
        start_.counter->set_failed(limits_.failed_starts);  // the next start is in safe mode again
    else
        start_.counter->reset();
    stable_ = true;
}

}  // namespace riverlight::firmware
