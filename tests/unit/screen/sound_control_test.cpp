// Weeks of two clocks that differ by a few ppm, simulated.
#include "player/screen/sound_control.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "player/av/adaptive_resampler.hpp"

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr double step = 0.04;

/// A sound card whose clock is `drift` ppm slow and whose delay is reported in steps of `coarse` seconds.
struct Card {
    double drift, coarse;
    double late = 0;  ///< seconds
    [[nodiscard]] nanoseconds reported(std::mt19937& random) const {
        std::uniform_real_distribution<double> jitter(-coarse / 2, coarse / 2);
        return nanoseconds(std::llround((late + jitter(random)) * 1e9));
    }
    void run(double ppm) { late += step * (drift + ppm) / 1e6; }
};

RC_GTEST_PROP(SoundControlProperty, SoundStaysWithItsPictureForWeeksAndNoPitchIsHeardToMove, ()) {
    Card card{*rc::gen::inRange(-300, 301) * 1.0, *rc::gen::inRange(1, 11) * 1e-3};
    card.late = *rc::gen::inRange(-20, 21) * 1e-3;
    std::mt19937 random(*rc::gen::arbitrary<unsigned>());
    SoundControl control(40ms);
    double before = control.ppm(), worst = 0;
    const std::int64_t settled = 900 * 25, frames = 15 * 60 * 25 + settled;
    for (std::int64_t n = 0; n < frames; ++n) {
        RC_ASSERT(control.observe(card.reported(random)));
        RC_ASSERT(std::abs(control.ppm()) <= SoundControl::max_ppm);
        RC_ASSERT(std::abs(control.ppm() - before) <= SoundControl::max_ppm_per_second * step + 1e-9);
        before = control.ppm();
        card.run(control.ppm());
        if (n > settled) worst = std::max(worst, std::abs(card.late));
    }
    RC_ASSERT(worst < 1e-3);
    RC_ASSERT(std::abs(control.ppm() + card.drift) < 15);
}

TEST(SoundControlTest, StaysInStepForThreeWeeksWithATemperatureDependentCrystal) {
    Card card{80, 5e-3};
    std::mt19937 random(3);
    SoundControl control(40ms);
    double worst = 0;
    constexpr std::int64_t day = 86'400 * 25;
    for (std::int64_t n = 0; n < 21 * day; ++n) {
        card.drift = 80 + 20 * std::sin(2 * std::numbers::pi * double(n % day) / double(day));
        ASSERT_TRUE(control.observe(card.reported(random))) << n;
        card.run(control.ppm());
        if (n > 1'000 * 25) worst = std::max(worst, std::abs(card.late));
    }
    EXPECT_LT(worst, 1e-3) << "seconds";
}

TEST(SoundControlTest, RestartsWhenFarOffButNotForOneWrongReport) {
    SoundControl control(40ms);
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(control.observe(0ns));
    EXPECT_TRUE(control.observe(900ms)) << "one wrong report";
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(control.observe(0ns));
    int taken = 0;
    while (control.observe(-70ms) && taken < 100) ++taken;
    EXPECT_LT(taken, 25) << "given up within a second";
    control.restart();
    EXPECT_TRUE(control.observe(0ns));
}

TEST(SoundControlTest, KeepsTheLearnedDriftOverARestart) {
    Card card{150, 1e-3};
    std::mt19937 random(3);
    SoundControl control(40ms);
    for (int n = 0; n < 25 * 1200; ++n) {
        ASSERT_TRUE(control.observe(card.reported(random)));
        card.run(control.ppm());
    }
    control.restart();
    EXPECT_NEAR(control.ppm(), -150, 10);
}

TEST(AdaptiveResamplerTest, ResamplesByPartsInAMillion) {
    for (const double ppm : {0.0, 250.0, -1000.0, 3.0}) {
        AdaptiveResampler rate;
        const Samples second(sample_rate * 2, 0.25F);
        std::int64_t out = 0;
        constexpr int seconds = 40;
        for (int n = 0; n < seconds; ++n) out += std::int64_t(rate.run(second, ppm).size() / 2);
        const double wanted = sample_rate * seconds * (1 + ppm / 1e6);
        EXPECT_NEAR(double(out + rate.held()), wanted, 3) << ppm;
    }
}

/// How far a tone is from the tone that was meant, at each sample, once the filter is filled.
TEST(AdaptiveResamplerTest, AChangeOfRateMakesNoClick) {
    AdaptiveResampler rate;
    Samples out;
    std::int64_t n = 0;
    for (int frame = 0; frame < 100; ++frame) {
        Samples in(1920 * 2);
        for (std::size_t i = 0; i < 1920; ++i, ++n)
            in[2 * i] = in[2 * i + 1] =
                static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * 1000 * double(n) / sample_rate));
        const auto got = rate.run(in, frame % 2 ? 10.0 * frame : -10.0 * frame);
        out.insert(out.end(), got.begin(), got.end());
    }
    // The second difference of a 1 kHz tone is at most (2π·1000/48000)² of its height; a click is far more.
    const double most = 0.5 * std::pow(2 * std::numbers::pi * 1000 / sample_rate, 2) * 1.1;
    for (std::size_t i = 200; i + 4 < out.size(); i += 2)
        ASSERT_LT(std::abs(out[i] - 2 * out[i + 2] + out[i + 4]), most) << i;
}

}  // namespace
}  // namespace riverlight::player
