// What an outlet does while its plan is being made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "firmware/outlet/plan_maker.hpp"
#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using testing::IsEmpty;
using testing::SizeIs;

class OutletPlanningTest : public test::OutletFixture {
  protected:
    /// The country no longer clears the segment.
    void withdraw(const std::string& segment) {
        std::erase_if(content_->catalogue.countries.at("KH").clearances,
                      [&](const auto& c) { return c.segment == segment; });
    }
};

TEST_F(OutletPlanningTest, ThePlayerStartsBeforeThePlanIsThere) {
    plans_wait_ = true;
    play();
    EXPECT_EQ(starts_, 1);
    EXPECT_THAT(told_, IsEmpty());
    EXPECT_TRUE(view().slate);
    ASSERT_THAT(asked_, SizeIs(1));
    wait(3s);
    EXPECT_THAT(asked_, SizeIs(1)) << "one plan at a time";
    EXPECT_EQ(state(), PlayerState::playing) << "its slate is on";
    answer_plan();
    EXPECT_THAT(told_, SizeIs(3));
}

TEST_F(OutletPlanningTest, TheFormerReleasePlaysOnUntilTheNewOneIsPlanned) {
    auto on = play_first();
    plans_wait_ = true;
    play();
    EXPECT_THAT(sent<player::Drop>(), IsEmpty());
    for (int airing = 0; airing < 5; ++airing) {
        pass(60s);
        report_off_air(on);
        on = told_[told_.size() - 2];  // another is told behind the two that wait
        EXPECT_THAT(sent<player::Cue>(), SizeIs(1));
        report_on_air(on);
    }
    EXPECT_EQ(starts_, 1);
}

TEST_F(OutletPlanningTest, WhatIsWithdrawnEndsBeforeTheNewPlanIsThere) {
    const auto on = play_first();
    const auto segment = log_.open_.at(1).segment;
    withdraw(segment);
    plans_wait_ = true;
    play();
    const auto drops = sent<player::Drop>();
    ASSERT_FALSE(drops.empty());
    EXPECT_EQ(drops.front().airing, on.airing);
    report_off_air(on, AiringStatus::truncated, "dropped");
    EXPECT_THAT(last_record().reason, testing::StartsWith("withdrawn: KH no longer clears it"));
    wait(10s);
    ASSERT_FALSE(log_.open_.empty());
    for (const auto& [handle, record] : log_.open_)
        EXPECT_TRUE(handle <= 3 || record.segment != segment) << record.segment;
}

TEST_F(OutletPlanningTest, ACueThatMightFallBackToWhatIsWithdrawnDoesNotWait) {
    static_cast<void>(play_first());
    const auto waiting = told_[1];
    ASSERT_FALSE(waiting.alternatives.empty());
    withdraw("filler");
    plans_wait_ = true;
    play();
    EXPECT_THAT(sent<player::Drop>(), SizeIs(testing::Ge(2U)));
}

TEST_F(OutletPlanningTest, APlanOfAReleaseThatWasReplacedIsDropped) {
    plans_wait_ = true;
    play();
    const auto first = asked_.front();
    play();
    answer_plan();
    EXPECT_THAT(told_, IsEmpty());
    ASSERT_THAT(asked_, SizeIs(1)) << "the newer release is planned at once";
    EXPECT_NE(asked_.front().programme, first.programme);
    answer_plan();
    EXPECT_THAT(told_, SizeIs(3));
}

TEST_F(OutletPlanningTest, AnAiringThatComesOnMeanwhileIsNotPlannedOver) {
    const auto on = play_first();
    plans_wait_ = true;
    play();
    pass(60s);
    report_off_air(on);
    report_on_air(told_[1]);  // not known to the plan that is being made
    answer_plan();
    EXPECT_THAT(sent<player::Drop>(), IsEmpty());
    ASSERT_THAT(asked_, SizeIs(1));
    const auto& aired = std::get<PlanRequest::Rest>(asked_.front().what).aired;
    EXPECT_TRUE(
        std::any_of(aired.begin(), aired.end(), [&](const auto& a) { return a.id == airing_of(told_[1]); }));
}

TEST_F(OutletPlanningTest, APlanThatCannotBeMadeIsSaidAndTriedAgain) {
    static_cast<void>(play_first());
    plans_wait_ = true;
    play();
    MadePlan none;
    none.number = asked_.front().number;
    none.fault = "no such zone";
    asked_.clear();
    handle(PlanMade{none});
    EXPECT_EQ(view().trouble, "no such zone");
    EXPECT_THAT(sent<player::Drop>(), IsEmpty()) << "the former release plays on";
    wait(59s);
    EXPECT_THAT(asked_, IsEmpty());
    wait(3s);
    EXPECT_THAT(asked_, SizeIs(1));
}

TEST_F(OutletPlanningTest, AfterItsStopAnOutletTakesNoPlan) {
    plans_wait_ = true;
    play();
    handle(StopRequested{});
    answer_plan();
    EXPECT_THAT(told_, IsEmpty());
}

class PlanMakerTest : public OutletPlanningTest {
  protected:
    PlanRequest request(std::int64_t number) {
        PlanRequest request;
        request.number = number;
        request.programme = programme();
        request.what = test::date("2026-11-23");
        return request;
    }
    boost::asio::io_context loop_;
};

TEST_F(PlanMakerTest, AnswersOnTheLoopInTheOrderOfTheRequests) {
    std::vector<std::int64_t> made;
    std::optional<std::thread::id> on;
    PlanMaker maker(loop_, [&](const MadePlan& plan) {
        EXPECT_FALSE(plan.airings.empty());
        made.push_back(plan.number);
        on = std::this_thread::get_id();
    });
    maker.make(request(1));
    maker.make(request(2));
    EXPECT_TRUE(maker.is_busy());
    const auto work = boost::asio::make_work_guard(loop_);
    for (const auto end = std::chrono::steady_clock::now() + 20s;
         made.size() < 2 && std::chrono::steady_clock::now() < end;)
        loop_.run_one_for(50ms);
    EXPECT_THAT(made, testing::ElementsAre(1, 2));
    EXPECT_EQ(on, std::this_thread::get_id());
    EXPECT_FALSE(maker.is_busy());
}

TEST_F(PlanMakerTest, AfterItsEndNothingIsAnswered) {
    bool answered = false;
    {
        PlanMaker maker(loop_, [&](const MadePlan&) { answered = true; });
        maker.make(request(1));
    }
    loop_.run();
    EXPECT_FALSE(answered);
}

}  // namespace
}  // namespace riverlight::firmware
