#include "firmware/clock/clock.hpp"

#include <sys/timex.h>

#include <fstream>

namespace riverlight::firmware {

ClockReading read_clock(Instant floor) {
    using namespace std::chrono;
    ClockReading reading;
    reading.now = std::chrono::floor<microseconds>(system_clock::now());
    reading.monotonic_us = duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
    if (reading.now < floor) {
        reading.now = floor;
        return reading;
    }
    timex state{};
    const int answer = ::adjtimex(&state);
    const bool synchronised = answer >= 0 && answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    reading.state = synchronised ? ClockState::synchronised : ClockState::unsynchronised;
    if (synchronised) reading.error_ms = (state.maxerror + 999) / 1000;
    return reading;
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    return std::getline(file, id) && id.size() <= 64 ? id : "unknown";
}

}  // namespace riverlight::firmware
