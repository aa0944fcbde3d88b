// What an outlet does about airings that it missed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using testing::IsEmpty;
using testing::SizeIs;

using MissedAiringsTest = test::OutletFixture;

TEST_F(MissedAiringsTest, MakesGoodWhatWasMissedWhileNoPlayerCouldBeStarted) {
    const auto began = now_.now;
    play();
    handle(PlayerStartFailed{"no memory"});
    pass(3h);
    wait(2s);
    ASSERT_EQ(starts_, 2);
    EXPECT_GT(std::count_if(log_.closed_.begin(), log_.closed_.end(),
                            [](const auto& r) {
                                return r.status == AiringStatus::skipped &&
                                       r.reason == to_text(MissCause::not_playing);
                            }),
              100)
        << "a filler each minute";
    const auto plan =
        scheduler::plan_day(schedule_, content_->catalogue, place_, test::date("2026-11-23"), 0);
    play_until(plan.until);
    const auto due = std::count_if(plan.airings.begin(), plan.airings.end(),
                                   [&](const auto& a) { return a.booking == "turns" && a.start >= began; });
    EXPECT_EQ(std::count_if(log_.closed_.begin(), log_.closed_.end(),
                            [](const auto& r) { return r.booking == "turns" && r.started; }),
              due);
    EXPECT_GE(due, 13);
}

TEST_F(MissedAiringsTest, RecordsEachMissedAiringOnce) {
    play();
    handle(PlayerStartFailed{"no memory"});
    pass(3h);
    wait(5s);
    std::set<std::string> ids;
    for (const auto& r : log_.closed_) EXPECT_TRUE(ids.insert(r.airing).second) << r.airing;
    EXPECT_FALSE(ids.empty());
}

TEST_F(MissedAiringsTest, ARestartedDaemonDoesNotRecordMissedAiringsAgain) {
    play();
    handle(PlayerStartFailed{"no memory"});
    pass(3h);
    wait(2s);
    outlet_.reset();
    play();
    wait(2s);
    std::map<std::string, std::size_t> skipped;
    for (const auto& r : log_.closed_)
        if (r.status == AiringStatus::skipped) ++skipped[r.airing];
    EXPECT_THAT(skipped, SizeIs(testing::Gt(100U))) << "a filler each minute";
    EXPECT_THAT(skipped, testing::Each(testing::Pair(testing::_, 1U)));
}

TEST_F(MissedAiringsTest, AnAiringThatFailedAheadOfItsTimeIsNotRepeatedByTheNextRelease) {
    const auto on = play_first();
    const auto damaged = told_[1];
    report_off_air(damaged, AiringStatus::failed, "its picture is damaged");
    ASSERT_EQ(last_record().airing, airing_of(damaged));
    ASSERT_LT(now_.now, *last_record().planned_start) << "the rest of the day has its time, too";
    on_air_ = true;
    play();
    const auto cues = sent<player::Cue>();
    ASSERT_THAT(cues, SizeIs(2));
    for (const auto& cue : cues) EXPECT_NE(airing_of(cue), airing_of(damaged));
    EXPECT_EQ(view().on_air->airing, airing_of(on));
}

TEST_F(MissedAiringsTest, WhatWasDueBeforeTheBoardWasInServiceIsNotRecorded) {
    in_service_since_ = now_.now;
    play();
    wait(2s);
    EXPECT_THAT(log_.closed_, IsEmpty()) << "ten hours of the day had passed";
}

TEST_F(MissedAiringsTest, WhatWaitedWhenTheClockWasSetAheadIsNoMissThoughThePlayerSkipsIt) {
    const auto on = play_first();
    const auto waited = told_.at(1);
    now_.now += std::chrono::days{30};
    in_service_since_ = now_.now;
    wait(2s);
    report_off_air(on, AiringStatus::aired);
    report_off_air(waited, AiringStatus::skipped, "the next item's start came first");
    EXPECT_EQ(std::count_if(log_.closed_.begin(), log_.closed_.end(),
                            [](const auto& r) { return r.status == AiringStatus::skipped; }),
              0)
        << "the gap's record covers it";
    EXPECT_EQ(last_record().airing, airing_of(on));
    for (const auto& [handle, open] : log_.open_) EXPECT_NE(open.airing, airing_of(waited)) << handle;
}

TEST_F(MissedAiringsTest, AClockThatIsSetRightPlansTheDayThatItWasSetTo) {
    const auto right = now_.now;
    now_.now = Instant{20s};  // 1970: the board has no battery
    now_.state = content::ClockState::floor;
    in_service_since_ = now_.now;
    play();
    EXPECT_THAT(told_, IsEmpty()) << "no campaign had begun";
    now_.now = right;
    now_.state = content::ClockState::synchronised;
    in_service_since_ = right;
    wait(2s);
    EXPECT_THAT(told_, SizeIs(3));
    EXPECT_THAT(log_.closed_, IsEmpty());
}

}  // namespace
}  // namespace riverlight::firmware
