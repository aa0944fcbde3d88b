#include "player/clock/outlet_clock.hpp"

#include <algorithm>
#include <cassert>
#include <thread>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using SteadyTime = steady_clock::time_point;

/// Two clocks read within this time count as read at the same moment.
constexpr auto simultaneous = 20us;
constexpr int max_readings = 5;
/// How long a slow board takes to write the first frames ahead.
constexpr auto prefill_time = 120ms;
/// Later than this, the machine was suspended.
constexpr auto suspended = 5s;
constexpr std::int64_t max_steering_ppm = 25;
constexpr auto steering_time = 60s;  ///< over which a grid error is corrected, where the limit allows it

}  // namespace

ClockSample SystemClocks::now() const {
    ClockSample best{};
    auto narrowest = nanoseconds::max();
    for (int i = 0; i < max_readings && narrowest > simultaneous; ++i) {
        const auto before = steady_clock::now();
        const auto utc = system_clock::now();
        const auto after = steady_clock::now();
        if (after - before >= narrowest) continue;
        narrowest = after - before;
        best = {before + narrowest / 2, floor<microseconds>(utc)};
    }
    return best;
}

void SystemClocks::sleep_until(SteadyTime time) {
    std::this_thread::sleep_until(time);
}

void FastClocks::sleep_until(SteadyTime time) {
    if (time <= now_.steady) return;
    now_.utc += round<microseconds>(time - now_.steady);
    now_.steady = time;
}

OutletClock::OutletClock(const Timing& timing, Clocks& clocks) : timing_(timing), clocks_(clocks) {
    assert(timing_.rate.num > 0 && timing_.rate.den > 0 && timing_.grid >= 1 && timing_.frames_ahead >= 0);
    start(clocks_.now().steady + (timing_.frames_ahead > 0 ? prefill_time : 0ms));
}

nanoseconds OutletClock::time_of(std::int64_t frames) const {
    return nanoseconds{frames * 1'000'000'000 * timing_.rate.den / timing_.rate.num};
}

nanoseconds OutletClock::grid_error(const ClockSample& now) const {
    const auto grid = time_of(timing_.grid);
    const nanoseconds seen = now.utc.time_since_epoch() + (start_ - now.steady) + timing_.delay;
    const auto past = seen % grid;
    return past > grid / 2 ? past - grid : past;
}

void OutletClock::start(SteadyTime earliest) {
    start_ = earliest;
    if (timing_.grid <= 1) return;
    const auto error = grid_error(clocks_.now());
    start_ += error > 0ns ? time_of(timing_.grid) - error : -error;
    assert(start_ >= earliest);
}

Instant OutletClock::instant_of(std::int64_t frame) const {
    const auto now = clocks_.now();
    return now.utc + timing_.delay + floor<microseconds>(start_ + time_of(frame) - now.steady);
}

SteadyTime OutletClock::due(std::int64_t frame) const {
    return start_ + time_of(frame - timing_.frames_ahead);
}

bool OutletClock::wait_until_due(std::int64_t frame) {
    const auto now = clocks_.now();
    // Writing ahead may take longer than expected: the first packet leaves when it is done.
    if (frame + 1 == timing_.frames_ahead && now.steady + time_of(1) > start_) start(now.steady + time_of(1));
    if (frame < timing_.frames_ahead) return false;
    const auto late = now.steady - due(frame);
    if (late > suspended) {
        start(start_ + late);
    } else if (timing_.grid > 1) {
        const auto limit = time_of(1) * max_steering_ppm / 1'000'000;
        start_ -= std::clamp(grid_error(now) / (steering_time / time_of(1)), -limit, limit);
    }
    clocks_.sleep_until(due(frame));
    return late > time_of(1);
}

}  // namespace riverlight::player
