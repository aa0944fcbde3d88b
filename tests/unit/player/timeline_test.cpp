// Which item gives the next frame.
#include <rapidcheck.h>

#include "tests/unit/player/timeline_fixture.hpp"

namespace riverlight::player {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(TimelineTest, ItemsFollowEachOtherWithoutAGap) {
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_EQ(run(10), "a0 a1 a2 b0 b1 b2 c0 c1 c2 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b aired 3", "c aired 3"));
    std::vector<std::int64_t> begins;
    for (const auto& event : events_)
        if (const auto* on = std::get_if<OnAir>(&event)) begins.push_back(on->frame);
    EXPECT_THAT(begins, ElementsAre(0, 3, 6));
}

/// An outlet that keeps no time.
class TimelessTest : public TimelineTest {
  protected:
    TimelessTest() : TimelineTest(true) {}
};

TEST_F(TimelessTest, ADecoderMayTakeAnyTimeUnlessItIsStuck) {
    files_["a"].slow = true;
    files_["b"].hang_after = 1;
    files_["c"].ready_after = -1;
    for (const auto* id : {"a", "b", "c", "d"}) say(cue(id));
    EXPECT_EQ(run(8), "a0 a1 a2 b0 d0 d1 d2 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b failed 1", "c failed 0", "d aired 3"));
    EXPECT_THAT(reason_of("b"), HasSubstr("stuck"));
    EXPECT_THAT(reason_of("c"), HasSubstr("stuck"));
}

TEST_F(TimelineTest, TheNextItemIsOpenedBeforeItIsDue) {
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_EQ(opened_.size(), 2U) << "the item on air and the next, and no more";
    static_cast<void>(run(3));
    EXPECT_EQ(opened_.size(), 2U);
    static_cast<void>(run(1));
    EXPECT_EQ(opened_.size(), 3U);
}

TEST_F(TimelineTest, BehindABrokenItemTheOneAfterItIsOpenedInTime) {
    files_["b"].broken = true;
    files_["c"].ready_after = 4;
    files_["a"].frames = 20;
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_THAT(run(22), testing::EndsWith("a19 c0 c1"));
}

TEST_F(TimelineTest, AHardStartFarBackInTheQueueIsOpenedBeforeItsTime) {
    for (const auto* id : {"a", "b", "c"}) files_[id].frames = 200;
    files_["d"].ready_after = 10;
    for (const auto* id : {"a", "b", "c"}) say(cue(id));
    say(cue_at("d", 2s));
    EXPECT_THAT(run(51), testing::EndsWith("a49 d0"));
}

TEST_F(TimelineTest, AHardStartCutsInOnItsFrame) {
    files_["a"].frames = 100;
    say(cue("a"));
    say(cue_at("b", 120ms));
    EXPECT_EQ(run(7), "a0 a1 a2 b0 b1 b2 -");
    EXPECT_THAT(ends(), ElementsAre("a truncated 3", "b aired 3"));
    EXPECT_THAT(reason_of("a"), HasSubstr("next item's start"));
}

TEST_F(TimelineTest, AnItemThatEndsWhereAHardStartBeginsWasNotCut) {
    auto a = cue("a");
    a.duration = 120ms;
    say(a);
    say(cue_at("b", 120ms));
    EXPECT_EQ(run(4), "a0 a1 a2 b0");
    EXPECT_THAT(ends(), ElementsAre("a aired 3"));
}

TEST_F(TimelineTest, AHardStartWaitsForItsFrameOverTheSlate) {
    say(cue_at("a", 80ms));
    EXPECT_EQ(run(4), "- - a0 a1");
}

TEST_F(TimelineTest, AHardStartThatIsNotReadyDoesNotInterrupt) {
    files_["a"].frames = 100;
    files_["b"] = {100, 20, -1, -1, false};
    say(cue("a"));
    say(cue_at("b", 80ms));
    const auto shown = run(30);
    EXPECT_EQ(shown.find('-'), std::string::npos) << shown;
    EXPECT_THAT(shown, HasSubstr("b0 b1 b2"));
}

TEST_F(TimelineTest, ALateItemJoinsInProgressOrIsSkipped) {
    static_cast<void>(run(50));  // two seconds past noon
    files_["a"].frames = 100;
    say(cue_at("a", 1s));
    say(cue_at("b", 1s, Cue::Late::skip));
    EXPECT_EQ(run(1), "a25");
    EXPECT_THAT(ends(), ElementsAre("b skipped 0"));
    EXPECT_THAT(reason_of("b"), HasSubstr("start had passed"));
}

TEST_F(TimelineTest, AnItemThatIsTooLateToJoinIsSkipped) {
    static_cast<void>(run(50));  // two seconds past noon
    say(cue_at("a", 1s));        // three frames long
    say(cue("b"));
    EXPECT_EQ(run(4), "b0 b1 b2 -");
    EXPECT_THAT(ends(), ElementsAre("a skipped 0", "b aired 3"));
    EXPECT_THAT(reason_of("a"), HasSubstr("was over before"));
    for (const auto& event : events_) {
        if (const auto* on = std::get_if<OnAir>(&event)) {
            EXPECT_EQ(on->airing, "b");
        }
    }
}

TEST_F(TimelineTest, AResumedItemBeginsAtItsOffset) {
    files_["a"].frames = 100;
    auto resumed = cue("a");
    resumed.offset = 1s;
    resumed.duration = 120ms;
    say(resumed);
    EXPECT_EQ(run(4), "a25 a26 a27 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3"));
}

TEST_F(TimelineTest, ALateResumedItemBeginsFurtherOn) {
    static_cast<void>(run(50));  // two seconds past noon
    files_["a"].frames = 100;
    auto resumed = cue_at("a", 1s);
    resumed.offset = 1s;
    resumed.duration = 1080ms;
    say(resumed);
    EXPECT_EQ(run(3), "a50 a51 -");
}

TEST_F(TimelineTest, ABrokenFileCostsOnlyItsOwnTime) {
    files_["b"].broken = true;
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    EXPECT_EQ(run(7), "a0 a1 a2 c0 c1 c2 -");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b failed 0", "c aired 3"));
    EXPECT_EQ(reason_of("b"), "b: is broken");
}

TEST_F(TimelineTest, AFileThatBreaksOnAirEndsThere) {
    files_["a"] = {100, 0, -1, 5, false};
    say(cue("a"));
    say(cue("b"));
    EXPECT_EQ(run(8), "a0 a1 a2 a3 a4 b0 b1 b2");
    EXPECT_THAT(ends(), ElementsAre("a failed 5"));
}

TEST_F(TimelineTest, case_46_AHangingDecoderIsGivenUpWithinTwoSeconds) {
    files_["a"] = {100, 0, 4, -1, false};
    files_["b"].frames = 100;
    say(cue("a"));
    say(cue("b"));
    const auto shown = run(50);
    EXPECT_THAT(shown, HasSubstr("b0"));
    EXPECT_EQ(shown.find('-'), std::string::npos) << "the last picture is held until then";
    EXPECT_THAT(reason_of("a"), HasSubstr("delivered nothing for 1500 ms"));
    int repeated = 0;
    for (const auto& event : events_)
        if (const auto* off = std::get_if<OffAir>(&event)) repeated = static_cast<int>(off->repeated);
    EXPECT_GT(repeated, 30) << "held frames count as repeated";
}

TEST_F(TimelineTest, AFileThatNeverOpensIsGivenUpWithinTwoSeconds) {
    files_["a"].ready_after = -1;
    say(cue("a"));
    say(cue("b"));
    EXPECT_THAT(run(50), HasSubstr("- b0 b1 b2"));
    EXPECT_THAT(ends(), ElementsAre("a failed 0", "b aired 3"));
}

TEST_F(TimelineTest, DropRemovesAQueuedItemAndEndsTheOneOnAir) {
    files_["a"].frames = 100;
    say(cue("a"));
    say(cue("b"));
    say(cue("c"));
    static_cast<void>(run(2));
    say(Drop{"b"});
    say(Drop{"a"});
    EXPECT_EQ(run(2), "c0 c1");
    EXPECT_THAT(ends(), ElementsAre("b skipped 0", "a truncated 2"));
}

TEST_F(TimelineTest, ATakeoverAirsAtOnceAndEmptiesTheQueue) {
    files_["a"].frames = 100;
    say(cue("a"));
    say(cue("b"));
    static_cast<void>(run(2));
    say(Takeover{cue("x")});
    EXPECT_EQ(run(4), "x0 x1 x2 -");
    EXPECT_THAT(ends(), ElementsAre("b skipped 0", "a truncated 2", "x aired 3"));
    EXPECT_EQ(reason_of("a"), "taken over");
}

TEST_F(TimelineTest, StopEndsAnItemOnItsFrame) {
    files_["a"].frames = 100;
    auto c = cue("a");
    c.stop = noon + 120ms;
    say(c);
    EXPECT_EQ(run(4), "a0 a1 a2 -");
    EXPECT_THAT(ends(), ElementsAre("a truncated 3"));
}

TEST_F(TimelineTest, ADurationIsExact) {
    files_["a"].frames = 100;
    auto c = cue("a");
    c.duration = 200ms;
    say(c);
    say(cue("b"));
    EXPECT_EQ(run(6), "a0 a1 a2 a3 a4 b0");
}

TEST_F(TimelineTest, QuitEndsAtOnceOrPlaysTheQueueOut) {
    say(cue("a"));
    say(Quit{true});
    EXPECT_FALSE(timeline_.finished());
    static_cast<void>(run(4));
    EXPECT_TRUE(timeline_.finished());
    say(cue("b"));
    static_cast<void>(run(1));
    say(Quit{false});
    EXPECT_TRUE(timeline_.finished());
    timeline_.close(now(), "the player ends");
    EXPECT_THAT(ends(), ElementsAre("a aired 3", "b truncated 1"));
}

TEST(TimelineProperty, EveryCueEndsOnceAndEveryFrameIsWhole) {
    EXPECT_TRUE(
        rc::check("whatever the files do, each airing has one end and the outlet always has a frame", [] {
            std::map<std::string, Script> files;
            std::map<std::string, int> ends;
            std::int64_t shown = 0, told = 0;
            Timeline timeline(
                {Format{}, 400ms, false},
                [&](const SourceSpec& spec) {
                    return std::make_unique<Scripted>(files[spec.media.picture], spec);
                },
                [&](const Event& event) {
                    if (const auto* off = std::get_if<OffAir>(&event)) {
                        ++ends[off->airing];
                        told += off->frames;
                    }
                });
            const auto count = *rc::gen::inRange(1, 12);
            std::int64_t frame = 0;
            const auto steps = [&](int n) {
                for (int i = 0; i < n; ++i, ++frame) {
                    const auto step = timeline.step(noon + frame * 40ms, frame);
                    RC_ASSERT(step.piece.samples.size() == 3840U);
                    RC_ASSERT(step.on_slate == step.airing.empty());
                    shown += !step.on_slate;
                }
            };
            for (int i = 0; i < count; ++i) {
                const auto id = std::to_string(i);
                files[id] = {*rc::gen::inRange(0, 20), *rc::gen::inRange(-1, 5), *rc::gen::inRange(-1, 20),
                             *rc::gen::inRange(-1, 20), *rc::gen::inRange(0, 5) == 0};
                Cue cue;
                cue.airing = cue.media.picture = id;
                if (*rc::gen::inRange(0, 3) == 0)
                    cue.start = noon + milliseconds(*rc::gen::inRange(-500, 3000));
                if (*rc::gen::inRange(0, 3) == 0) cue.late = Cue::Late::skip;
                if (*rc::gen::inRange(0, 8) == 0)
                    timeline.handle(Takeover{cue}, noon + frame * 40ms);
                else
                    timeline.handle(cue, noon + frame * 40ms);
                steps(*rc::gen::inRange(0, 10));
            }
            steps(50);
            timeline.close(noon + frame * 40ms, "end");
            RC_ASSERT(static_cast<int>(ends.size()) == count);
            for (const auto& [id, n] : ends) RC_ASSERT(n == 1);
            RC_ASSERT(told == shown);
        }));
}

}  // namespace
}  // namespace riverlight::player
