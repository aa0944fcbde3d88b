#include "firmware/clock/clock.hpp"

#include <sys/timex.h>

#include <algorithm>
#include <fstream>
#include <utility>

namespace riverlight::firmware {
namespace {

std::string day_of(Instant at) {
    return to_rfc3339(at).substr(0, 10);
}

/// Riverlight was not made before: an earlier time is that of a clock which was never set.
constexpr Instant plausible = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};

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

std::optional<Instant> hardware_clock() {
    std::ifstream file("/sys/class/rtc/rtc0/since_epoch");
    std::int64_t seconds = 0;
    if (!(file >> seconds) || seconds <= 0) return {};
    return Instant{std::chrono::seconds(seconds)};
}

Clock::Clock(Instant sure, const SystemTime& start, Instant earliest)
    : sure_(sure),
      earliest_(earliest),
      base_{std::max(sure, earliest), start.monotonic},
      certain_{sure, start.monotonic} {
    anchor_ = certain_;
    advance_locked(start);
    // The board was off, or never on. Only a clock that nobody vouches for leaves a gap then.
    if (sure == Instant{} || start.synchronised || (jump_ && jump_->until - jump_->from <= furthest_alone))
        jump_.reset();
}

Instant Clock::own_time(MonotonicTime at) const {
    return std::max({base_.later(at), sure_, earliest_});
}

/// How many agree with the system clock.
int Clock::witnesses(const SystemTime& system) const {
    int count = system.synchronised ? 1 : 0;
    for (const auto who : {TimeWitness::office, TimeWitness::hardware_clock})
        if (const auto& point = heard_.at(static_cast<std::size_t>(who)))
            if (std::chrono::abs(system.realtime - point->later(system.monotonic)) <= agreement) ++count;
    return count;
}

std::string Clock::find_fault(const SystemTime& system) const {
    const auto realtime = system.realtime;
    const auto floor = std::max(sure_, earliest_);
    const auto witnesses = this->witnesses(system);
    if (realtime < floor) {
        if (system.synchronised && witnesses > 1 && realtime >= earliest_) return {};
        return "The clock says " + day_of(realtime) + ", but " + to_rfc3339(floor).substr(0, 16) +
               "Z has certainly passed; time continues from there. Connect the board to its time server, or "
               "set its clock.";
    }
    auto known = std::max(anchor_.later(system.monotonic), sure_);
    // A board that was never told the time takes every better one.
    if (known < plausible) return {};
    if (const auto& channel = heard_.at(static_cast<std::size_t>(TimeWitness::channel)))
        known = std::max(known, channel->later(system.monotonic));
    if (realtime <= known + furthest_alone || witnesses > 1) return {};
    if (sure_ != Instant{} && realtime > std::max(known, signed_until_) + furthest_ahead)
        return "The clock says " + day_of(realtime) + ", more than " +
               std::to_string(furthest_ahead.count()) +
               " days after everything that is known here; it is not trusted. Check the time server; after a "
               "long time unplugged, connect the board to its channel.";
    if (witnesses == 0)
        return "The clock says " + day_of(realtime) + ", but by all that is known here it is " +
               day_of(known) +
               ", and neither a time server nor the office confirms the clock; it is not trusted. Connect "
               "the "
               "board to its time server.";
    return {};
}

ClockReading Clock::read_locked(const SystemTime& system) const {
    ClockReading reading;
    reading.monotonic = system.monotonic;
    reading.fault = find_fault(system);
    if (!reading.fault.empty()) {
        reading.now = own_time(system.monotonic);
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
    const auto own = own_time(system.monotonic);
    if (anchor_.at >= plausible && reading.now - own > longest_step)
        jump_ = {jump_ ? jump_->from : own, reading.now};
    sure_ = std::min(sure_, reading.now);  // a time daemon and another say so
    base_ = {reading.now, reading.monotonic};
    // Many small steps that nobody confirms do not lead farther than one.
    if (witnesses(system) > 0 || anchor_.at < plausible) anchor_ = base_;
    if (system.synchronised) certain_ = base_;
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
    if (certain_.at != Instant{}) sure_ = std::max(sure_, certain_.later(system.monotonic));
    return sure_;
}

void Clock::set_signed_until(Instant until) {
    const std::lock_guard hold(mutex_);
    signed_until_ = until;
}

void Clock::hear(TimeWitness witness, Instant says, MonotonicTime at) {
    const std::lock_guard hold(mutex_);
    heard_.at(static_cast<std::size_t>(witness)) = Point{says, at};
}

std::optional<ClockJump> Clock::take_jump() {
    const std::lock_guard hold(mutex_);
    return std::exchange(jump_, {});
}

ClockReading read_clock(Instant floor) {
    const auto system = system_time();
    Clock clock(floor, system);
    clock.hear(TimeWitness::hardware_clock, system.realtime, system.monotonic);
    return clock.read(system);
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    return std::getline(file, id) && id.size() <= 64 ? id : "unknown";
}

}  // namespace riverlight::firmware
