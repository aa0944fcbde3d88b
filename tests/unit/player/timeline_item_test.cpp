// What an item's source must play, and how its airing ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "player/timeline/item.hpp"

namespace riverlight::player {
namespace {

using content::AiringStatus;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");
const Format format{};

TimelineItem item_with(std::vector<Alternative> alternatives) {
    TimelineItem item;
    item.cue.airing = "a";
    item.cue.media.picture = "own";
    item.cue.media.locale = "km";
    item.cue.duration = 400ms;
    item.cue.alternatives = std::move(alternatives);
    return item;
}

Alternative in_english() {
    Alternative out;
    out.media.picture = "en";
    out.media.locale = "en";
    return out;
}

Alternative filler() {
    Alternative out;
    out.media.picture = "filler";
    out.media.locale = "en";
    out.filler = Alternative::Filler{"spot", 80ms};
    return out;
}

TEST(FrameCount, IsRoundedToTheNearestOrUp) {
    EXPECT_EQ(frames_in(59ms, {25, 1}), 1);
    EXPECT_EQ(frames_in(60ms, {25, 1}), 2);
    EXPECT_EQ(frames_in(1001ms, {30000, 1001}), 30);
    EXPECT_EQ(frames_before(80ms, {25, 1}), 2);
    EXPECT_EQ(frames_before(81ms, {25, 1}), 3);
}

TEST(TimelineItem, BeginsFurtherOnWhereItsStartHasPassed) {
    auto item = item_with({});
    item.cue.offset = 40ms;
    item.cue.start = noon;
    EXPECT_EQ(item.spec(format, noon + 200ms).first_frame, 1) << "late by no more than the tolerance";
    EXPECT_EQ(item.spec(format, noon + 240ms).first_frame, 7);
    EXPECT_EQ(item.spec(format, noon + 240ms).frames, 11) << "its end does not move";
}

TEST(TimelineItem, AnotherLanguageGoesOnWhereTheItemBroke) {
    auto item = item_with({in_english()});
    static_cast<void>(item.spec(format, noon));
    item.on_air = true;
    item.counts.frames = 4;
    ASSERT_TRUE(item.choose_alternative("it broke"));
    const auto spec = item.spec(format, noon);
    EXPECT_EQ(spec.media.picture, "en");
    EXPECT_EQ(spec.first_frame, 4);
    EXPECT_EQ(spec.frames, 10);
    EXPECT_FALSE(spec.loop_frames);
}

TEST(TimelineItem, AFillerIsLoopedForTheRestOfItsTime) {
    auto item = item_with({filler()});
    static_cast<void>(item.spec(format, noon));
    item.on_air = true;
    item.counts.frames = 4;
    ASSERT_TRUE(item.choose_alternative("it broke"));
    const auto spec = item.spec(format, noon);
    EXPECT_EQ(spec.first_frame, 0) << "from its own beginning";
    EXPECT_EQ(spec.frames, 6);
    EXPECT_EQ(spec.loop_frames, 2);
    EXPECT_EQ(item.name(), "filler spot (en)");
}

TEST(TimelineItem, WithoutAlternativesNothingIsChosenAndTheReasonIsKept) {
    auto item = item_with({});
    EXPECT_FALSE(item.choose_alternative("it broke"));
    EXPECT_TRUE(item.choice.is_own());
    EXPECT_EQ(item.failures, "km: it broke");
}

TEST(TimelineItem, EndsAsSubstitutedOnlyWhereAnAlternativeAiredToItsEnd) {
    auto item = item_with({in_english()});
    EXPECT_EQ(item.end_event(noon, AiringStatus::aired, "", Ratio{25, 1}).status, AiringStatus::aired);
    ASSERT_TRUE(item.choose_alternative("broken"));
    EXPECT_EQ(item.end_event(noon, AiringStatus::failed, "broken", Ratio{25, 1}).reason, "broken")
        << "never on air";
    item.on_air = true;
    const auto whole = item.end_event(noon, AiringStatus::aired, "", Ratio{25, 1});
    EXPECT_EQ(whole.status, AiringStatus::substituted);
    EXPECT_EQ(whole.reason, "km: broken");
    const auto cut = item.end_event(noon, AiringStatus::truncated, "dropped", Ratio{25, 1});
    EXPECT_EQ(cut.status, AiringStatus::truncated);
    EXPECT_EQ(cut.reason, "dropped (km: broken)");
}

TEST(TimelineItem, EvidenceNamesFadesAndTheInterpreter) {
    auto item = item_with({});
    EXPECT_TRUE(item.end_event(noon, AiringStatus::aired, "", Ratio{25, 1}).evidence.empty());
    item.cue.media.sign.emplace();
    item.cue.media.sign->language = "csl";
    item.counts.faded = 6;
    item.counts.interpreted = 5;
    const auto evidence = item.end_event(noon, AiringStatus::aired, "", Ratio{25, 1}).evidence;
    EXPECT_THAT(evidence,
                testing::ElementsAre(testing::Pair("faded_frames", "6"), testing::Pair("sign", "csl"),
                                     testing::Pair("sign_frames", "5")));
}

TEST(TimelineItem, CountsAPieceOnce) {
    ItemCounts counts;
    Piece piece;
    piece.samples.assign(3840, 0.0F);
    piece.skipped = 1;
    piece.repeated = true;
    counts.add(piece, false, format);
    EXPECT_EQ(counts.frames, 1);
    EXPECT_EQ(counts.lost, 1);
    EXPECT_EQ(counts.repeated, 1);
    EXPECT_EQ(counts.samples, 1920);
}

}  // namespace
}  // namespace riverlight::player
