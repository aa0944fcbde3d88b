// How an outlet keeps its player: started, killed, started again, ended.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using testing::IsEmpty;
using testing::SizeIs;

using OutletPlayerTest = test::OutletFixture;

TEST_F(OutletPlayerTest, case_46_APlayerThatHangsCostsItsItemOnly) {
    const auto hung = play_first();
    const auto next = told_[1];
    wait(1s);
    EXPECT_EQ(kills_, 0);
    wait(1400ms, /*silent=*/true);
    EXPECT_EQ(kills_, 1);
    EXPECT_EQ(starts_, 1) << "its end is not reported yet";
    end_player("the player was killed by signal 9");
    EXPECT_EQ(last_record().airing, airing_of(hung));
    EXPECT_EQ(last_record().status, AiringStatus::failed);
    EXPECT_EQ(last_record().reason, "the player hung and was ended");
    EXPECT_EQ(starts_, 2);
    ASSERT_THAT(told_, SizeIs(3));
    EXPECT_EQ(told_[0].airing, next.airing);
    EXPECT_TRUE(view().slate);
    EXPECT_EQ(view().restarts, 1);
}

TEST_F(OutletPlayerTest, case_46_47_APlayerThatCrashesCostsItsItemOnly) {
    const auto crashed = play_first();
    const auto next = told_[1];
    wait(10s);
    player::Progress progress;
    progress.airing = crashed.airing;
    progress.frames = 250;
    report(progress);
    end_player();
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().reason, "the player was killed by signal 11");
    EXPECT_EQ(last_record().frames, 250) << "as far as is known";
    EXPECT_EQ(view().trouble, "the player was killed by signal 11");
    ASSERT_THAT(told_, SizeIs(3));
    EXPECT_EQ(told_[0].airing, next.airing);
    report_on_air(told_[0]);
    EXPECT_THAT(log_.closed_, SizeIs(1));
}

TEST_F(OutletPlayerTest, OfACrashedPlayersItemItsLastProgressIsProof) {
    const auto crashed = play_first();
    wait(10s);
    report(player::Progress{crashed.airing, 250, content::Shown{30s, 10s, 0s, false}});
    end_player();
    EXPECT_EQ(last_record().status, AiringStatus::truncated);
    EXPECT_EQ(content::read_shown(last_record().evidence), (content::Shown{30s, 10s, 0s, false}));
    EXPECT_FALSE(content::counts_as_play(last_record())) << "less than half of it";
}

TEST_F(OutletPlayerTest, OfACrashedPlayersItemThatShowedNothingTheAiringFailed) {
    const auto crashed = play_first();
    wait(1s);
    report(player::Progress{crashed.airing, 0, content::Shown{30s, 0s, 0s, false}});
    end_player();
    EXPECT_EQ(last_record().status, AiringStatus::failed);
}

TEST_F(OutletPlayerTest, AnItemThatEndsItsPlayerTwiceBeforeItIsOnAirCostsItself) {
    play();
    const auto bad = told_[0], good = told_[1];
    wait(1s);
    end_player();
    EXPECT_EQ(told_[0].airing, bad.airing) << "it may have been the player";
    EXPECT_THAT(log_.closed_, IsEmpty());
    wait(1s);
    end_player();
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().airing, airing_of(bad));
    EXPECT_EQ(last_record().status, AiringStatus::failed);
    EXPECT_FALSE(last_record().started);
    EXPECT_EQ(told_[0].airing, good.airing);
    EXPECT_THAT(told_, SizeIs(3));
    for (const auto& cue : told_) EXPECT_NE(airing_of(cue), airing_of(bad)) << "not in this run";
}

TEST_F(OutletPlayerTest, APlayerThatKeepsEndingIsStartedMoreSlowly) {
    handle(ProgrammeArrived{nullptr});
    for (int i = 0; i < 2; ++i) end_player();
    EXPECT_EQ(starts_, 3);
    end_player();
    EXPECT_EQ(starts_, 3);
    EXPECT_EQ(state(), PlayerState::waiting);
    wait(400ms);
    EXPECT_EQ(starts_, 3);
    wait(200ms);
    EXPECT_EQ(starts_, 4);
}

TEST_F(OutletPlayerTest, AReleaseDuringTheDelayStartsThePlayerOnce) {
    handle(ProgrammeArrived{nullptr});
    for (int i = 0; i < 3; ++i) end_player();
    ASSERT_EQ(state(), PlayerState::waiting);
    play();
    EXPECT_EQ(starts_, 4);
    wait(2s);
    EXPECT_EQ(starts_, 4) << "the start that was due is not carried out any more";
}

TEST_F(OutletPlayerTest, DoesWithoutHardwareDecodersForAnHourAfterAnEnd) {
    play_first();
    EXPECT_FALSE(starts_with_option("--no-machine-decoder"));
    wait(10s);
    end_player();
    EXPECT_TRUE(starts_with_option("--no-machine-decoder"));
    pass(2h);
    wait(10s);
    end_player();
    EXPECT_TRUE(starts_with_option("--no-machine-decoder")) << "this end counts, too";
}

TEST_F(OutletPlayerTest, ABoardSetToDoWithoutHardwareDecodersNeverUsesThem) {
    setup_.player.hardware_decoder = false;
    play();
    EXPECT_TRUE(starts_with_option("--no-machine-decoder"));
}

TEST_F(OutletPlayerTest, UsesHardwareDecodersAgainAfterAnHour) {
    handle(ProgrammeArrived{nullptr});
    wait(10s);
    end_player();
    ASSERT_TRUE(starts_with_option("--no-machine-decoder"));
    pass(1h);
    play();  // its slate replaces the player
    EXPECT_FALSE(starts_with_option("--no-machine-decoder"));
}

TEST_F(OutletPlayerTest, APlayerThatCannotBeStartedIsTriedAgain) {
    play();
    handle(PlayerStartFailed{"no memory"});
    EXPECT_EQ(view().trouble, "no memory");
    EXPECT_EQ(state(), PlayerState::waiting);
    const auto first = told_[0];
    wait(1800ms);
    EXPECT_EQ(starts_, 1);
    wait(200ms);
    EXPECT_EQ(starts_, 2);
    EXPECT_EQ(told_[0].airing, first.airing) << "it is told its queue";
}

TEST_F(OutletPlayerTest, StopsInOrderWhileAnAiringIsOn) {
    const auto on = play_first();
    handle(StopRequested{});
    EXPECT_THAT(sent<player::Quit>(), SizeIs(1));
    EXPECT_EQ(state(), PlayerState::stopping);
    report_off_air(on, AiringStatus::truncated, "the player was asked to end");
    EXPECT_EQ(last_record().status, AiringStatus::truncated);
    EXPECT_THAT(commands_, IsEmpty()) << "nothing more is cued";
    end_player("the player ended with status 0");
    EXPECT_EQ(state(), PlayerState::stopped);
    EXPECT_EQ(starts_, 1);
    EXPECT_THAT(log_.closed_, SizeIs(1)) << "what only waited may air in the next run";
    play();  // a release that a worker had loaded meanwhile
    EXPECT_EQ(starts_, 1);
}

TEST_F(OutletPlayerTest, APlayerThatEndsWithoutAWordWhileStoppingFailsWhatWasOn) {
    const auto on = play_first();
    handle(StopRequested{});
    end_player("the player was killed by signal 9");
    ASSERT_THAT(log_.closed_, SizeIs(1));
    EXPECT_EQ(last_record().airing, airing_of(on));
    EXPECT_EQ(last_record().status, AiringStatus::failed);
}

TEST_F(OutletPlayerTest, AnEventThatNoStateExpectsAbortsInTests) {
    play();
    end_player();
    end_player();
    end_player();
    ASSERT_EQ(state(), PlayerState::waiting);
    EXPECT_DEATH(handle(PlayerEnded{"again"}), "does not expect");
}

TEST_F(OutletPlayerTest, InTheFieldAnUnexpectedEventLeavesThePictureOn) {
    unexpected_ = UnexpectedEvent::ignore;
    const auto on = play_first();
    handle(PlayerStartFailed{"a start that nobody asked for"});
    EXPECT_EQ(state(), PlayerState::playing);
    EXPECT_EQ(view().on_air->airing, airing_of(on));
    wait(1600ms, /*silent=*/true);
    EXPECT_EQ(kills_, 1) << "silence still leads to a new player";
    end_player();
    EXPECT_EQ(starts_, 2);
}

}  // namespace
}  // namespace riverlight::firmware
