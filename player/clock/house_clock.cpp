#include "player/clock/house_clock.hpp"

#include <algorithm>
#include <thread>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using Point = steady_clock::time_point;

/// Clocks read so near each other are as good as read at once.
constexpr auto at_once = 20us;
constexpr int most_readings = 5;
/// What filling an outlet ahead takes on a slow board.
constexpr auto filling = 120ms;
constexpr auto slept = 5s;
constexpr std::int64_t most_slew_ppm = 25;
constexpr auto slew_over = 60s;  ///< an error is worn off over so long, where the limit allows it

}  // namespace

Moment SystemClocks::now() const {
    Moment best{};
    auto narrowest = nanoseconds::max();
    for (int i = 0; i < most_readings && narrowest > at_once; ++i) {
        const auto before = steady_clock::now();
        const auto utc = system_clock::now();
        const auto after = steady_clock::now();
        if (after - before >= narrowest) continue;
        narrowest = after - before;
        best = {before + narrowest / 2, floor<microseconds>(utc)};
    }
    return best;
}

void SystemClocks::sleep_until(Point moment) {
    std::this_thread::sleep_until(moment);
}

void FastClocks::sleep_until(Point moment) {
    if (moment <= now_.steady) return;
    now_.utc += round<microseconds>(moment - now_.steady);
    now_.steady = moment;
}

HouseClock::HouseClock(const Beat& beat, Clocks& clocks) : beat_(beat), clocks_(clocks) {
    begin(clocks_.now().steady + (beat_.frames_ahead > 0 ? filling : 0ms));
}

nanoseconds HouseClock::time_of(std::int64_t frames) const {
    return nanoseconds{frames * 1'000'000'000 * beat_.rate.den / beat_.rate.num};
}

nanoseconds HouseClock::off_grid(const Moment& now) const {
    const auto grid = time_of(beat_.grid);
    const nanoseconds seen = now.utc.time_since_epoch() + (start_ - now.steady) + beat_.delay;
    const auto past = seen % grid;
    return past > grid / 2 ? past - grid : past;
}

void HouseClock::begin(Point earliest) {
    start_ = earliest;
    if (beat_.grid <= 1) return;
    const auto off = off_grid(clocks_.now());
    start_ += off > 0ns ? time_of(beat_.grid) - off : -off;
}

Instant HouseClock::instant_of(std::int64_t frame) const {
    const auto now = clocks_.now();
    return now.utc + beat_.delay + floor<microseconds>(start_ + time_of(frame) - now.steady);
}

Point HouseClock::due(std::int64_t frame) const {
    return start_ + time_of(frame - beat_.frames_ahead);
}

bool HouseClock::wait_for(std::int64_t frame) {
    const auto now = clocks_.now();
    // Filling ahead may take longer than was thought: the first packet leaves when it is done.
    if (frame + 1 == beat_.frames_ahead && now.steady + time_of(1) > start_) begin(now.steady + time_of(1));
    if (frame < beat_.frames_ahead) return false;
    const auto late = now.steady - due(frame);
    if (late > slept) {
        begin(start_ + late);
    } else if (beat_.grid > 1) {
        const auto most = time_of(1) * most_slew_ppm / 1'000'000;
        start_ -= std::clamp(off_grid(now) / (slew_over / time_of(1)), -most, most);
    }
    clocks_.sleep_until(due(frame));
    return late > time_of(1);
}

}  // namespace riverlight::player
