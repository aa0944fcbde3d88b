// The house clock against clocks of the test's own: a feed's grid keeps to UTC, whatever happens to the wall
// clock, and no frame is lost or doubled for it.
#include "player/clock/house_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00.013579Z");

/// A wall clock that runs faster than the monotonic one by so many millionths, and can be set.
class Clockwork final : public Clocks {
  public:
    explicit Clockwork(double ppm = 0) : ppm_(ppm) {}
    [[nodiscard]] Moment now() const override {
        const auto passed = steady_.time_since_epoch();
        const nanoseconds more(static_cast<std::int64_t>(static_cast<double>(passed.count()) * ppm_ / 1e6));
        return {steady_, noon + set_ + floor<microseconds>(passed + more)};
    }
    void sleep_until(steady_clock::time_point moment) override { steady_ = std::max(steady_, moment); }
    void pass(nanoseconds time) { steady_ += time; }
    void set(microseconds by) { set_ += by; }

  private:
    double ppm_;
    steady_clock::time_point steady_{};
    microseconds set_{0};
};

const HouseClock::Beat feed{{25, 1}, 3, 25, 1'100ms};
constexpr auto frame_time = 40ms;

/// How far an instant lies from the nearest whole multiple.
microseconds off(Instant at, microseconds multiple) {
    const auto past = at.time_since_epoch() % multiple;
    return std::min(past, multiple - past);
}

/// From a wall-clock moment to the grid point nearest to it; `frame` is a grid point near it.
microseconds from_nearest_grid(const HouseClock& clock, std::int64_t frame, Instant wanted) {
    auto nearest = microseconds::max();
    for (auto at = frame - 18; at <= frame + 18; at += 3)
        nearest = std::min(nearest, std::chrono::abs(clock.instant_of(at) - wanted));
    return nearest;
}

TEST(HouseClock, GridPointsLieOnWholeMultiplesInUtc) {
    Clockwork clocks;
    const HouseClock clock(feed, clocks);
    for (std::int64_t frame = 0; frame < 300; frame += 3)
        EXPECT_LE(off(clock.instant_of(frame), 120ms), 1us) << frame;
}

TEST(HouseClock, AHardStartOnAWholeSecondIsWithinAFrame) {
    for (const auto& [grid, most] : {std::pair{3, 40ms}, {4, 80ms}, {8, 160ms}}) {
        Clockwork clocks;
        auto beat = feed;
        beat.grid = grid;
        const HouseClock clock(beat, clocks);
        const auto first = ceil<seconds>(clock.instant_of(0));
        for (auto second = first; second < first + 600s; second += 1s) {
            const auto frame = (second - clock.instant_of(0)) / (grid * frame_time) * grid;
            const auto nearest = std::min(std::chrono::abs(clock.instant_of(frame) - second),
                                          std::chrono::abs(clock.instant_of(frame + grid) - second));
            ASSERT_LE(nearest, most + 1us) << "grid " << grid;
        }
    }
}

TEST(HouseClock, FramesAheadAreAtOnceAndTheFirstPacketLeavesWhenTheyAreIn) {
    Clockwork clocks;
    HouseClock clock(feed, clocks);
    for (std::int64_t frame = 0; frame < 25; ++frame) {
        EXPECT_FALSE(clock.wait_for(frame));
        clocks.pass(20ms);  // a slow encoder: half a second in all
    }
    EXPECT_EQ(clocks.now().steady.time_since_epoch(), 500ms) << "nothing was slept through";
    clock.wait_for(25);
    EXPECT_EQ(clock.due(25), clocks.now().steady);
    EXPECT_LE(clocks.now().steady.time_since_epoch(), 500ms + 20ms + 120ms);
    EXPECT_LE(off(clock.instant_of(0), 120ms), 1us);
}

TEST(HouseClock, AnOutletWithoutAGridBeginsAtOnce) {
    Clockwork clocks;
    HouseClock clock({{25, 1}, 1, 0, 0ms}, clocks);
    EXPECT_EQ(clock.due(0).time_since_epoch(), 0ns);
    EXPECT_EQ(clock.instant_of(25), noon + 1s);
    for (std::int64_t frame = 0; frame < 1000; ++frame) clock.wait_for(frame);
    EXPECT_EQ(clock.due(1000).time_since_epoch(), 40s) << "it is not steered";
}

TEST(HouseClock, AWallClockThatIsSetIsFollowedAtOnceAndTheGridWithinThreeQuartersOfAnHour) {
    for (const auto by : {50'000us, -3'541'000us, 7'259'941'000us}) {
        Clockwork clocks;
        HouseClock clock(feed, clocks);
        std::int64_t frame = 0;
        for (; frame < 1000; ++frame) clock.wait_for(frame);
        const auto before = clock.instant_of(frame);
        clocks.set(by);
        EXPECT_EQ(clock.instant_of(frame) - before, by);
        auto last = clock.due(frame);
        for (const auto until = frame + 45 * 60 * 25; frame < until; ++frame) {
            clock.wait_for(frame);
            const auto step = clock.due(frame + 1) - last;
            ASSERT_LE(std::chrono::abs(step - frame_time), 1'001ns) << "25 millionths of a frame";
            last = clock.due(frame + 1);
        }
        EXPECT_LE(off(clock.instant_of(3 * (frame / 3)), 120ms), 1ms);
    }
}

TEST(HouseClock, AMachineThatSleptStartsOverOnTheGrid) {
    Clockwork clocks;
    HouseClock clock(feed, clocks);
    for (std::int64_t frame = 0; frame < 100; ++frame) clock.wait_for(frame);
    clocks.pass(2s);
    EXPECT_TRUE(clock.wait_for(100)) << "late, and made up for";
    EXPECT_LT(clock.due(100), clocks.now().steady - 1s);
    clocks.pass(3600s);
    EXPECT_TRUE(clock.wait_for(101));
    EXPECT_GE(clock.due(101), clocks.now().steady - 1ms);
    EXPECT_LE(off(clock.instant_of(102), 120ms), 1us);
}

/// Seven days, frame by frame, of a board whose wall clock gains a second a day on its monotonic one and is
/// set now and then, as by NTP without slewing.
TEST(HouseClock, SevenDaysOfHardStartsAreWithinAFrame) {
    Clockwork clocks(11.5);
    HouseClock clock(feed, clocks);
    auto due = clock.due(25);
    auto quiet_after = noon;  // an hour after each setting
    std::int64_t checked = 0, shortest = frame_time / 1ns, longest = shortest;
    for (std::int64_t frame = 25; frame < 7 * 86'400 * 25; ++frame) {
        clock.wait_for(frame);
        const auto next = clock.due(frame + 1);
        shortest = std::min<std::int64_t>(shortest, (next - due).count());
        longest = std::max<std::int64_t>(longest, (next - due).count());
        due = next;
        if (frame % (86'400 * 25) == 40'000) {  // daily
            clocks.set(frame % 2 ? 237ms : -171ms);
            quiet_after = clocks.now().utc + 1h;
        }
        if (frame % 1500 != 0 || clock.instant_of(frame) < quiet_after) continue;
        ASSERT_LE(from_nearest_grid(clock, frame, round<seconds>(clock.instant_of(frame))), 41ms) << frame;
        ASSERT_LE(off(clock.instant_of(frame), 120ms), 1ms) << frame;
        ++checked;
    }
    EXPECT_GT(checked, 9000);
    EXPECT_GE(shortest, 39'998'999);
    EXPECT_LE(longest, 40'001'001);
}

TEST(HouseClock, TheSystemsClocksAreReadTogether) {
    const SystemClocks clocks;
    const auto a = clocks.now(), b = clocks.now();
    EXPECT_GE(b.steady, a.steady);
    EXPECT_LT(std::chrono::abs((b.utc - a.utc) - floor<microseconds>(b.steady - a.steady)), 50ms);
}

TEST(HouseClock, FastTimePassesWhereItIsSleptThrough) {
    FastClocks clocks({steady_clock::time_point{}, noon});
    HouseClock clock(feed, clocks);
    const auto first = clock.instant_of(0);
    for (std::int64_t frame = 0; frame < 25 * 3600; ++frame) EXPECT_FALSE(clock.wait_for(frame));
    EXPECT_LE(std::chrono::abs(clock.instant_of(0) - first), 1us);
    EXPECT_GE(clocks.now().utc, noon + 3598s);
}

}  // namespace
}  // namespace riverlight::player
