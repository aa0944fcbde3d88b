#include "firmware/clock/clock.hpp"

#include <sys/timex.h>

#include <algorithm>
#include <fstream>

namespace riverlight::firmware {
namespace {

using std::chrono::microseconds;

std::string day_of(Instant at) {
    return to_rfc3339(at).substr(0, 10);
}

}  // namespace

SystemTime system_time() {
    using namespace std::chrono;
    SystemTime said;
    said.realtime = std::chrono::floor<microseconds>(system_clock::now());
    said.monotonic_us = duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
    timex state{};
    const int answer = ::adjtimex(&state);
    said.synchronised = answer >= 0 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    if (said.synchronised) said.error_ms = (state.maxerror + 999) / 1000;
    return said;
}

std::string Clock::doubt(Instant realtime, Instant own) const {
    const auto floor = std::max(sure_, earliest_);
    if (realtime < floor)
        return "The clock says " + day_of(realtime) + ", but " + to_rfc3339(floor).substr(0, 16) +
               "Z has passed for certain; time goes on from there. Connect the board to its time server, or "
               "set its clock.";
    if (sure_ != Instant{} && realtime > std::max(own, signed_until_) + furthest_ahead)
        return "The clock says " + day_of(realtime) + ", more than " +
               std::to_string(furthest_ahead.count()) +
               " days after all that is known here; it is not believed. Look whether the time server is "
               "right; after a long time unplugged, connect the board to its channel.";
    return {};
}

ClockReading Clock::told(const SystemTime& said) {
    if (!anchor_) {
        anchor_ = std::max(sure_, earliest_);
        anchor_us_ = said.monotonic_us;
    }
    const auto own = *anchor_ + microseconds(said.monotonic_us - anchor_us_);
    ClockReading reading;
    reading.monotonic_us = said.monotonic_us;
    reading.fault = doubt(said.realtime, own);
    if (!reading.fault.empty()) {
        reading.now = std::max({own, sure_, earliest_});
        reading.ahead = reading.now - said.realtime;
        return reading;
    }
    anchor_ = reading.now = said.realtime;
    anchor_us_ = said.monotonic_us;
    reading.state = said.synchronised ? ClockState::synchronised : ClockState::unsynchronised;
    reading.error_ms = said.error_ms;
    return reading;
}

ClockReading Clock::read(const SystemTime& said) {
    const std::lock_guard hold(mutex_);
    return told(said);
}

void Clock::signed_until(Instant until) {
    const std::lock_guard hold(mutex_);
    signed_until_ = until;
}

void Clock::not_before(Instant earliest) {
    const std::lock_guard hold(mutex_);
    earliest_ = earliest;
}

Instant Clock::mark(const SystemTime& said) {
    const std::lock_guard hold(mutex_);
    sure_ = std::max(sure_, told(said).now);
    return sure_;
}

ClockReading read_clock(Instant floor) {
    return Clock(floor).read();
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    return std::getline(file, id) && id.size() <= 64 ? id : "unknown";
}

}  // namespace riverlight::firmware
