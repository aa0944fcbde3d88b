// How subtitles follow each other, and the reading speed they ask for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/quality/subtitle_timing.hpp"

namespace riverlight::quality {
namespace {

using namespace std::chrono_literals;

std::vector<SegmentFinding> found(const std::string& body) {
    return timing_findings(player::parse_subtitles("WEBVTT\n\n" + body, "test"));
}

TEST(SubtitleTiming, GapsBelowTwoPicturesFlicker) {
    const auto gap = [](const std::string& second) {
        return found("00:01.000 --> 00:02.000\none\n\n" + second + " --> 00:04.000\ntwo\n");
    };
    EXPECT_THAT(gap("00:02.000"), testing::IsEmpty()) << "none";
    EXPECT_THAT(gap("00:02.080"), testing::IsEmpty()) << "two pictures";
    const auto notes = gap("00:02.079");
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].defect, Defect::gap);
    EXPECT_EQ(notes[0].when, (Stretch{2000ms, 2079ms}));
    EXPECT_FALSE(notes[0].refused);
}

TEST(SubtitleTiming, TwoInOnePlaceOverlapAndTwoInTwoDoNot) {
    const auto notes = found("00:01.000 --> 00:03.000\none\n\n00:02.500 --> 00:04.000\ntwo\n");
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].defect, Defect::overlap);
    EXPECT_EQ(notes[0].when, (Stretch{2500ms, 3000ms}));
    EXPECT_THAT(found("00:01.000 --> 00:03.000\none\n\n00:02.500 --> 00:04.000 line:0\ntwo\n"),
                testing::IsEmpty());
    EXPECT_THAT(found(""), testing::IsEmpty());
}

TEST(SubtitleTiming, ALongCueIsComparedPastShorterOnes) {
    const auto notes = found(
        "00:01.000 --> 00:09.000\nlong\n\n00:02.000 --> 00:03.000 line:0\ntop\n\n00:08.000 --> "
        "00:10.000\ntwo\n");
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].when, (Stretch{8000ms, 9000ms}));
}

TEST(ReadingSpeed, CountsLettersAndNotBytes) {
    const auto speed = reading_speed(player::parse_subtitles(
        "WEBVTT\n\n00:00.000 --> 00:02.000\nกขคง\n\n00:02.000 --> 00:03.000\nabcdefgh\n", "test"));
    EXPECT_EQ(speed.cues, 2U);
    EXPECT_DOUBLE_EQ(speed.mean, 4);
    EXPECT_DOUBLE_EQ(speed.most, 8);
    EXPECT_EQ(speed.most_at, 2s);
    EXPECT_EQ(reading_speed({}).mean, 0);
}

}  // namespace
}  // namespace riverlight::quality
