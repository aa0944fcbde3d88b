#include "firmware/clock/clock.hpp"

#include <sys/timex.h>

#include <algorithm>
#include <fstream>

namespace riverlight::firmware {
namespace {

std::string day_of(Instant at) {
    return to_rfc3339(at).substr(0, 10);
}

}  // namespace

SystemTime system_time() {
    using namespace std::chrono;
    SystemTime system;
    system.realtime = floor<microseconds>(system_clock::now());
    system.monotonic = MonotonicTime(floor<microseconds>(steady_clock::now().time_since_epoch()));
    timex state{};
    const int answer = ::adjtimex(&state);
    system.synchronised = answer >= 0 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    if (system.synchronised) system.error = ceil<milliseconds>(microseconds(state.maxerror));
    return system;
}

Clock::Clock(Instant sure, const SystemTime& start, Instant earliest)
    : sure_(sure), earliest_(earliest), base_(std::max(sure, earliest)), base_monotonic_(start.monotonic) {
    advance_locked(start);
}

std::string Clock::find_fault(Instant realtime, Instant own) const {
    const auto floor = std::max(sure_, earliest_);
    if (realtime < floor)
        return "The clock says " + day_of(realtime) + ", but " + to_rfc3339(floor).substr(0, 16) +
               "Z has certainly passed; time continues from there. Connect the board to its time server, or "
               "set its clock.";
    if (sure_ != Instant{} && realtime > std::max(own, signed_until_) + furthest_ahead)
        return "The clock says " + day_of(realtime) + ", more than " +
               std::to_string(furthest_ahead.count()) +
               " days after everything that is known here; it is not trusted. Check the time server; after a "
               "long time unplugged, connect the board to its channel.";
    return {};
}

ClockReading Clock::read_locked(const SystemTime& system) const {
    const auto own = base_ + (system.monotonic - base_monotonic_);
    ClockReading reading;
    reading.monotonic = system.monotonic;
    reading.fault = find_fault(system.realtime, own);
    if (!reading.fault.empty()) {
        reading.now = std::max({own, sure_, earliest_});
        reading.ahead = reading.now - system.realtime;
        return reading;
    }
    reading.now = system.realtime;
    reading.state =
        system.synchronised ? content::ClockState::synchronised : content::ClockState::unsynchronised;
    reading.error = system.error;
    return reading;
}

void Clock::advance_locked(const SystemTime& system) {
    const auto reading = read_locked(system);
    if (!reading.fault.empty()) return;
    base_ = reading.now;
    base_monotonic_ = reading.monotonic;
}

ClockReading Clock::read(const SystemTime& system) const {
    const std::lock_guard hold(mutex_);
    return read_locked(system);
}

void Clock::advance(const SystemTime& system) {
    const std::lock_guard hold(mutex_);
    advance_locked(system);
}

Instant Clock::mark_sure(const SystemTime& system) {
    const std::lock_guard hold(mutex_);
    advance_locked(system);
    sure_ = std::max(sure_, read_locked(system).now);
    return sure_;
}

void Clock::set_signed_until(Instant until) {
    const std::lock_guard hold(mutex_);
    signed_until_ = until;
}

ClockReading read_clock(Instant floor) {
    const auto system = system_time();
    return Clock(floor, system).read(system);
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    return std::getline(file, id) && id.size() <= 64 ? id : "unknown";
}

}  // namespace riverlight::firmware
