// The outlet clock with simulated clocks: a feed's grid stays aligned with UTC however the wall clock is set,
// and no frame is lost or repeated.
#include "player/clock/outlet_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00.013579Z");

/// A wall clock that runs `ppm` millionths faster than the monotonic one and can be set.
class DriftingClocks final : public Clocks {
  public:
    explicit DriftingClocks(double ppm = 0) : ppm_(ppm) {}
    [[nodiscard]] ClockSample now() const override {
        const auto passed = steady_.time_since_epoch();
        const nanoseconds more(static_cast<std::int64_t>(static_cast<double>(passed.count()) * ppm_ / 1e6));
        return {steady_, noon + set_ + floor<microseconds>(passed + more)};
    }
    void sleep_until(steady_clock::time_point time) override { steady_ = std::max(steady_, time); }
    void pass(nanoseconds time) { steady_ += time; }
    void set(microseconds by) { set_ += by; }

  private:
    double ppm_;
    steady_clock::time_point steady_{};
    microseconds set_{0};
};

const OutletClock::Timing feed{{25, 1}, 3, 25, 1'100ms};
constexpr auto frame_time = 40ms;

/// Distance of an instant from the nearest whole multiple.
microseconds off(Instant at, microseconds multiple) {
    const auto past = at.time_since_epoch() % multiple;
    return std::min(past, multiple - past);
}

/// Distance of a wall-clock time from its nearest grid point; `frame` is a grid point close to it.
microseconds from_nearest_grid(const OutletClock& clock, std::int64_t frame, Instant wanted) {
    auto nearest = microseconds::max();
    for (auto at = frame - 18; at <= frame + 18; at += 3)
        nearest = std::min(nearest, std::chrono::abs(clock.instant_of(at) - wanted));
    return nearest;
}

TEST(OutletClock, GridPointsFallOnWholeMultiplesInUtc) {
    DriftingClocks clocks;
    const OutletClock clock(feed, clocks);
    for (std::int64_t frame = 0; frame < 300; frame += 3)
        EXPECT_LE(off(clock.instant_of(frame), 120ms), 1us) << frame;
}

TEST(OutletClock, AHardStartOnAWholeSecondIsWithinAFrame) {
    for (const auto& [grid, most] : {std::pair{3, 40ms}, {4, 80ms}, {8, 160ms}}) {
        DriftingClocks clocks;
        auto beat = feed;
        beat.grid = grid;
        const OutletClock clock(beat, clocks);
        const auto first = ceil<seconds>(clock.instant_of(0));
        for (auto second = first; second < first + 600s; second += 1s) {
            const auto frame = (second - clock.instant_of(0)) / (grid * frame_time) * grid;
            const auto nearest = std::min(std::chrono::abs(clock.instant_of(frame) - second),
                                          std::chrono::abs(clock.instant_of(frame + grid) - second));
            ASSERT_LE(nearest, most + 1us) << "grid " << grid;
        }
    }
}

TEST(OutletClock, FramesAheadDoNotWaitAndTheFirstPacketLeavesAfterThem) {
    DriftingClocks clocks;
    OutletClock clock(feed, clocks);
    for (std::int64_t frame = 0; frame < 25; ++frame) {
        EXPECT_FALSE(clock.wait_until_due(frame));
        clocks.pass(20ms);  // a slow encoder: half a second in total
    }
    EXPECT_EQ(clocks.now().steady.time_since_epoch(), 500ms) << "no call slept";
    static_cast<void>(clock.wait_until_due(25));
    EXPECT_EQ(clock.due(25), clocks.now().steady);
    EXPECT_LE(clocks.now().steady.time_since_epoch(), 500ms + 20ms + 120ms);
    EXPECT_LE(off(clock.instant_of(0), 120ms), 1us);
}

TEST(OutletClock, AnOutletWithoutAGridStartsAtOnce) {
    DriftingClocks clocks;
    OutletClock clock({{25, 1}, 1, 0, 0ms}, clocks);
    EXPECT_EQ(clock.due(0).time_since_epoch(), 0ns);
    EXPECT_EQ(clock.instant_of(25), noon + 1s);
    for (std::int64_t frame = 0; frame < 1000; ++frame) static_cast<void>(clock.wait_until_due(frame));
    EXPECT_EQ(clock.due(1000).time_since_epoch(), 40s) << "it is not steered";
}

TEST(OutletClock, SettingTheWallClockMovesInstantsAtOnceAndTheGridWithin45Minutes) {
    for (const auto by : {50'000us, -3'541'000us, 7'259'941'000us}) {
        DriftingClocks clocks;
        OutletClock clock(feed, clocks);
        std::int64_t frame = 0;
        for (; frame < 1000; ++frame) static_cast<void>(clock.wait_until_due(frame));
        const auto before = clock.instant_of(frame);
        clocks.set(by);
        EXPECT_EQ(clock.instant_of(frame) - before, by);
        auto last = clock.due(frame);
        for (const auto until = frame + 45 * 60 * 25; frame < until; ++frame) {
            static_cast<void>(clock.wait_until_due(frame));
            const auto step = clock.due(frame + 1) - last;
            ASSERT_LE(std::chrono::abs(step - frame_time), 1'001ns) << "25 millionths of a frame";
            last = clock.due(frame + 1);
        }
        EXPECT_LE(off(clock.instant_of(3 * (frame / 3)), 120ms), 1ms);
    }
}

TEST(OutletClock, AfterASuspensionPacingStartsAgainOnTheGrid) {
    DriftingClocks clocks;
    OutletClock clock(feed, clocks);
    for (std::int64_t frame = 0; frame < 100; ++frame) static_cast<void>(clock.wait_until_due(frame));
    clocks.pass(2s);
    EXPECT_TRUE(clock.wait_until_due(100)) << "late, and caught up";
    EXPECT_LT(clock.due(100), clocks.now().steady - 1s);
    clocks.pass(3600s);
    EXPECT_TRUE(clock.wait_until_due(101));
    EXPECT_GE(clock.due(101), clocks.now().steady - 1ms);
    EXPECT_LE(off(clock.instant_of(102), 120ms), 1us);
}

/// Seven days, frame by frame, on a board whose wall clock gains a second a day on the monotonic one and is
/// set daily, as by NTP without slewing.
TEST(OutletClock, SevenDaysOfHardStartsAreWithinAFrame) {
    DriftingClocks clocks(11.5);
    OutletClock clock(feed, clocks);
    auto due = clock.due(25);
    auto quiet_after = noon;  // an hour after each setting
    std::int64_t checked = 0, shortest = frame_time / 1ns, longest = shortest;
    for (std::int64_t frame = 25; frame < 7 * 86'400 * 25; ++frame) {
        static_cast<void>(clock.wait_until_due(frame));
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

TEST(OutletClock, SystemClocksAreReadAtTheSameMoment) {
    const SystemClocks clocks;
    const auto a = clocks.now(), b = clocks.now();
    EXPECT_GE(b.steady, a.steady);
    EXPECT_LT(std::chrono::abs((b.utc - a.utc) - floor<microseconds>(b.steady - a.steady)), 50ms);
}

TEST(OutletClock, FastClocksAdvanceOnlyInSleep) {
    FastClocks clocks({steady_clock::time_point{}, noon});
    OutletClock clock(feed, clocks);
    const auto first = clock.instant_of(0);
    for (std::int64_t frame = 0; frame < 25 * 3600; ++frame) EXPECT_FALSE(clock.wait_until_due(frame));
    EXPECT_LE(std::chrono::abs(clock.instant_of(0) - first), 1us);
    EXPECT_GE(clocks.now().utc, noon + 3598s);
}

}  // namespace
}  // namespace riverlight::player
