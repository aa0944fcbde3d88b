// Quiet hours of a screen, sample by sample.
#include "player/timeline/quiet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::Pair;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

TEST(Quiet, IsAHalfOpenInterval) {
    const std::vector<Quiet> quiet{{noon, noon + 1h, -20.0}};
    EXPECT_EQ(quiet_at(quiet, noon - 1us), nullptr);
    EXPECT_EQ(quiet_at(quiet, noon), &quiet[0]);
    EXPECT_EQ(quiet_at(quiet, noon + 1h - 1us), &quiet[0]);
    EXPECT_EQ(quiet_at(quiet, noon + 1h), nullptr);
}

TEST(Quiet, TheQuieterOfTwoCounts) {
    const std::vector<Quiet> quiet{{noon, noon + 1h, -20.0}, {noon, noon + 1h, {}}, {noon, noon + 1h, -30.0}};
    EXPECT_EQ(quiet_at(quiet, noon), &quiet[1]);
    EXPECT_EQ(factor_of(&quiet[1]), 0);
    EXPECT_FLOAT_EQ(factor_of(&quiet[0]), 0.1F);
    EXPECT_EQ(factor_of(nullptr), 1);
}

TEST(Quiet, VolumeChangesWithinHalfASecondWithoutAStep) {
    Volume volume;
    float last = 1, widest = 0;
    for (int frame = 0; frame < 13; ++frame) {
        std::vector<float> samples(3840, 1.0F);
        volume.apply(samples, 0);
        for (std::size_t i = 0; i < samples.size(); i += 2) {
            ASSERT_EQ(samples[i], samples[i + 1]) << "both channels";
            widest = std::max(widest, std::abs(samples[i] - last));
            last = samples[i];
        }
    }
    EXPECT_LT(widest, 0.001F);
    EXPECT_EQ(last, 0);
    std::vector<float> samples(3840, 1.0F);
    volume.apply(samples, 0);
    EXPECT_THAT(samples, testing::Each(0.0F)) << "silence";
}

TEST(Quiet, SamplesOutsideQuietHoursAreUnchanged) {
    Volume volume;
    std::vector<float> samples{0.3F, -0.7F};
    volume.apply(samples, 1);
    EXPECT_THAT(samples, ElementsAre(0.3F, -0.7F));
}

TEST(Quiet, EvidenceSaysHowQuietAndForHowLong) {
    const Quiet lower{noon, noon + 1h, -20.0}, none{noon, noon + 1h, {}};
    QuietTally tally;
    std::map<std::string, std::string> evidence;
    tally.count(nullptr, true);
    tally.report(evidence);
    EXPECT_TRUE(evidence.empty());
    tally.count(&lower, true);
    tally.count(&lower, true);
    tally.report(evidence);
    EXPECT_THAT(evidence, ElementsAre(Pair("quiet", "-20.0 dB"), Pair("quiet_frames", "2"),
                                      Pair("quiet_subtitles", "on")));
    tally.count(&none, false);
    tally.report(evidence);
    EXPECT_EQ(evidence["quiet"], "no sound");
    EXPECT_EQ(evidence["quiet_subtitles"], "none in this language");
}

}  // namespace
}  // namespace riverlight::player
