// Cadence in whole numbers, and vertical blanks by a clock that the test owns.
#include "player/screen/cadence.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

std::string lengths(Ratio refresh, Ratio beat, int count) {
    const Cadence cadence(refresh, beat, 0, 0);
    std::string out;
    for (int n = 0; n < count; ++n)
        out += std::to_string(cadence.vblank_of(n + 1) - cadence.vblank_of(n)) + (n + 1 < count ? " " : "");
    return out;
}

TEST(CadenceTest, EachRateHasItsPattern) {
    EXPECT_EQ(lengths({50, 1}, {25, 1}, 4), "2 2 2 2");
    EXPECT_EQ(lengths({60, 1}, {24, 1}, 6), "3 2 3 2 3 2") << "pull-down";
    EXPECT_EQ(lengths({60, 1}, {25, 1}, 10), "3 2 3 2 2 3 2 3 2 2");
    EXPECT_EQ(lengths({60, 1}, {30, 1}, 3), "2 2 2");
}

RC_GTEST_PROP(CadenceProperty, AFrameBeginsAtTheFirstBlankThatIsNotBeforeItForEver, ()) {
    const Ratio refresh{*rc::gen::inRange(23'000, 144'000), *rc::gen::element(1000, 1001)};
    const Ratio beat{*rc::gen::element(24, 25, 30, 50), 1};
    const auto start = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000);
    const auto n = *rc::gen::inRange<std::int64_t>(0, 25LL * 86'400 * 3650);  // ten years
    const Cadence cadence(refresh, beat, 17, start);
    const auto blanks = cadence.vblank_of(17 + n) - start;
    // blanks / refresh ≥ n / beat > (blanks − 1) / refresh, in whole numbers (up to 1.1e17).
    const auto time = n * refresh.num * beat.den;
    RC_ASSERT(blanks * refresh.den * beat.num >= time);
    RC_ASSERT((blanks - 1) * refresh.den * beat.num < time);
}

TEST(VblankClockTest, UsesTheModesRateWithoutACounter) {
    const SteadyTime start{5s};
    const VblankClock clock({60, 1}, 0, start);
    EXPECT_EQ(clock.time_of(60), start + 1s);
    for (std::int64_t blank : {0LL, 1LL, 59LL, 1'000'000LL}) {
        EXPECT_EQ(clock.vblank_at(clock.time_of(blank)), blank);
        EXPECT_EQ(clock.vblank_at(clock.time_of(blank) - 1us), blank - 1);
    }
}

TEST(VblankClockTest, MeasuresTheRateOfAnInexactCrystal) {
    // 40 ppm slow, as counted once a frame over a day, with 20 µs of jitter in the time stamps.
    const double period = 1e9 / 60 * 1.000040;
    const auto at = [&](std::int64_t k, std::int64_t jitter) {
        return SteadyTime(nanoseconds(std::int64_t(double(k) * period) + jitter));
    };
    VblankClock clock({60, 1}, 1000, at(1000, 0));
    for (std::int64_t k = 1000; k < 60 * 86'400; k += 2) {
        clock.observe(k, at(k, k * 7919 % 20'000));
        if (k > 20'000 && k % 50'000 == 0) {
            const auto off = clock.time_of(k + 10) - at(k + 10, 0);
            EXPECT_LT(abs(off), 40us) << k;
        }
    }
    const auto hour = clock.time_of(60 * 86'400 + 216'000) - at(60 * 86'400 + 216'000, 0);
    EXPECT_LT(abs(hour), 15ms) << "an hour ahead, to some millionths";
}

TEST(VblankClockTest, SurvivesACounterThatRestartsOrIsWrong) {
    VblankClock clock({60, 1}, 5000, SteadyTime{100s});
    clock.observe(3, SteadyTime{101s});
    EXPECT_EQ(clock.time_of(63), SteadyTime{102s});
    clock.observe(100'000, SteadyTime{102s});  // a hundred thousand blanks in a second
    EXPECT_EQ(clock.time_of(100'060), SteadyTime{103s}) << "the mode's rate is used";
}

}  // namespace
}  // namespace riverlight::player
