// An outlet on which nothing can be played: it tries less and less often, and one record stands for many.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/airing/failure_run.hpp"
#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;

TEST(FailurePauseTest, ThreeFailuresInARowMakeAPauseThatGrows) {
    FailurePause pause;
    MonotonicTime now{100s};
    for (int i = 0; i < FailurePause::failures_before; ++i) {
        EXPECT_FALSE(pause.is_active());
        EXPECT_TRUE(pause.may_try(now));
        pause.failed(now);
    }
    for (const auto length : {5s, 10s, 20s, 40s, 60s, 60s}) {
        EXPECT_TRUE(pause.is_active());
        EXPECT_FALSE(pause.may_try(now + length - 1ms));
        pause.failed(now + 1ms);  // what was queued before the pause
        now += length;
        EXPECT_TRUE(pause.may_try(now));
        pause.failed(now);
    }
    pause.end();
    EXPECT_FALSE(pause.is_active());
    EXPECT_TRUE(pause.may_try(now));
}

class FailingOutletTest : public test::OutletFixture {
  protected:
    /// The player fails what it is told as soon as it is due, for so long.
    void fail_for(std::chrono::seconds time) {
        for (const auto end = now_.now + time; now_.now < end; wait(1s)) {
            while (next_ < told_.size()) {
                const auto cue = told_[next_];
                if (cue.start && *cue.start > now_.now) break;
                ++next_;
                report_off_air(cue, AiringStatus::failed, "its file is damaged");
            }
        }
    }
    [[nodiscard]] std::vector<scheduler::PlannedAiring> planned_until_now() const {
        const auto plan =
            scheduler::plan_day(schedule_, content_->catalogue, place_, test::date("2026-11-23"), 0);
        std::vector<scheduler::PlannedAiring> due;
        for (const auto& a : plan.airings)
            if (a.start >= in_service_since_ && a.end <= now_.now) due.push_back(a);
        return due;
    }
    [[nodiscard]] bool is_accounted(const scheduler::PlannedAiring& planned) { return log_.has(planned); }

    std::size_t next_ = 0;
};

TEST_F(FailingOutletTest, RecordsOfAnHourAreFewAndEveryAiringIsAccountedFor) {
    play();
    fail_for(1h);
    handle(StopRequested{});
    EXPECT_LE(log_.closed_.size(), 12U);
    std::int64_t stands_for = 0;
    for (const auto& r : log_.closed_) {
        EXPECT_EQ(r.status, AiringStatus::failed);
        const auto run = content::failure_run_of(r);
        stands_for += run ? run->airings : 1;
    }
    const auto planned = planned_until_now();
    EXPECT_GE(planned.size(), 60U);
    for (const auto& a : planned) EXPECT_TRUE(is_accounted(a)) << to_rfc3339(a.start);
    EXPECT_GE(stands_for, static_cast<std::int64_t>(planned.size()));
    EXPECT_LE(stands_for, static_cast<std::int64_t>(planned.size()) + 5) << "and none of those to come";
}

TEST_F(FailingOutletTest, WhatIsToComeIsNotUsedUp) {
    play();
    fail_for(10min);
    for (const auto& a : view().next) EXPECT_LE(a.start - now_.now, 6min);
}

TEST_F(FailingOutletTest, TheFirstFailuresHaveTheirOwnRecords) {
    play();
    fail_for(1s);
    ASSERT_GE(log_.closed_.size(), 2U);
    for (const auto& r : log_.closed_) EXPECT_FALSE(content::failure_run_of(r));
    EXPECT_EQ(last_record().reason, "its file is damaged");
}

TEST_F(FailingOutletTest, PlaysOnAsSoonAsSomethingCanBePlayed) {
    play();
    fail_for(5min);
    const auto before = log_.closed_.size();
    while (next_ == told_.size()) wait(1s);
    const auto cue = told_[next_++];
    if (cue.start && *cue.start > now_.now) pass(*cue.start - now_.now);
    report_on_air(cue);
    wait(2s);
    player::Progress progress;
    progress.airing = cue.airing;
    progress.frames = 50;
    report(progress);
    ASSERT_EQ(log_.closed_.size(), before + 1) << "the run is written";
    EXPECT_TRUE(content::failure_run_of(last_record()));
    wait(2s);
    EXPECT_EQ(told_.size(), next_ + 2) << "two are told behind it again";
}

TEST_F(FailingOutletTest, ANewReleaseIsTriedAtOnce) {
    play();
    fail_for(5min);
    play();
    EXPECT_GE(sent<player::Cue>().size(), 1U);
}

TEST_F(FailingOutletTest, AnAiringThatWasOnForAnInstantHasItsOwnRecordAndCountsAsAFailure) {
    play();
    std::size_t began = 0;
    for (const auto end = now_.now + 10min; now_.now < end; wait(1s))
        while (next_ < told_.size()) {
            const auto cue = told_[next_];
            if (cue.start && *cue.start > now_.now) break;
            ++next_;
            report_on_air(cue);
            pass(40ms);
            report_off_air(cue, AiringStatus::truncated, "its file is damaged");
            ++began;
        }
    EXPECT_LE(began, 25U);
    EXPECT_EQ(
        std::count_if(log_.closed_.begin(), log_.closed_.end(), [](const auto& r) { return r.started; }),
        static_cast<std::ptrdiff_t>(began));
}

TEST_F(FailingOutletTest, ARestartDoesNotRecordThemAgain) {
    play();
    fail_for(30min);
    handle(StopRequested{});
    const auto before = log_.closed_.size();
    outlet_.reset();
    next_ = 0;
    play();
    wait(2s);
    EXPECT_EQ(log_.closed_.size(), before);
}

}  // namespace
}  // namespace riverlight::firmware
