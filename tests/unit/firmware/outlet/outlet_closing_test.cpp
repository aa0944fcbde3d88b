// Screens: what people in front of them are shown, and when nothing is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/firmware/outlet/fixture.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::AiringStatus;
using testing::IsEmpty;
using testing::SizeIs;

using ScreenTest = test::OutletFixture;

class ClosingTest : public ScreenTest {
  protected:
    ClosingTest() {
        setup_.display = true;
        setup_.open = {*content::parse_open_hours("08:00-10:01")};
    }
};

TEST_F(ClosingTest, WhatIsOnAtClosingTimeEndsBeforeItsDisplayIsSwitchedOff) {
    const auto on = play_first();
    wait(90s);
    EXPECT_THAT(of<player::Panel>(all_), IsEmpty()) << "it is still on";
    EXPECT_FALSE(view().closed);
    report_off_air(on);
    wait(2s);
    ASSERT_THAT(of<player::Panel>(all_), SizeIs(1)) << "told once";
    EXPECT_FALSE(of<player::Panel>(all_)[0].on);
    EXPECT_TRUE(view().closed);
    wait(5s);
    EXPECT_THAT(of<player::Panel>(all_), SizeIs(1));
}

TEST_F(ClosingTest, AiringsOfAClosedPlaceAreSkippedAndNotMadeGood) {
    const auto on = play_first();
    EXPECT_THAT(told_, SizeIs(1)) << "the next would begin after closing time";
    report_off_air(on);
    wait(5min);
    ASSERT_THAT(log_.closed_, SizeIs(testing::Gt(3U)));
    for (std::size_t i = 1; i < log_.closed_.size(); ++i) {
        EXPECT_EQ(log_.closed_[i].status, AiringStatus::skipped);
        EXPECT_EQ(log_.closed_[i].reason, to_text(MissCause::closed));
    }
}

TEST_F(ClosingTest, AnAiringThatWasOverBeforeItsPlanCameWasMissedSinceThePlaceWasClosed) {
    const auto closes = now_.now + 1min;
    pass(2h);
    play();
    wait(2s);
    int open = 0, closed = 0;
    for (const auto& record : log_.closed_) {
        const bool is_open = *record.planned_start < closes;
        EXPECT_EQ(record.reason, to_text(is_open ? MissCause::not_playing : MissCause::closed));
        ++(is_open ? open : closed);
    }
    EXPECT_GT(open, 0);
    EXPECT_GT(closed, 3);
}

TEST_F(ClosingTest, APlayerThatEndsAtNightIsStartedWithoutLight) {
    pass(2h);
    play();
    EXPECT_TRUE(starts_with_option("--panel-off"));
    EXPECT_THAT(told_, IsEmpty());
    wait(10s);
    end_player();
    EXPECT_TRUE(starts_with_option("--panel-off"));
}

TEST_F(ClosingTest, AClockThatIsNotKnownToBeRightClosesNothing) {
    pass(2h);
    now_.state = content::ClockState::floor;
    play();
    EXPECT_FALSE(starts_with_option("--panel-off"));
    EXPECT_THAT(told_, SizeIs(3));
    EXPECT_FALSE(view().closed);
}

TEST_F(ScreenTest, ANoticeIsSentOnceToEachPlayer) {
    play_first();
    handle(NoticeChanged{{"Remove the stick", "en"}});
    EXPECT_THAT(sent<player::Notice>(), SizeIs(1));
    handle(NoticeChanged{{"Remove the stick", "en"}});
    EXPECT_THAT(sent<player::Notice>(), IsEmpty());
    wait(10s);
    end_player();
    ASSERT_THAT(sent<player::Notice>(), SizeIs(1)) << "the next player shows it, too";
    EXPECT_EQ(sent<player::Notice>()[0].text, "Remove the stick");
    handle(NoticeChanged{{"", "en"}});
    EXPECT_THAT(sent<player::Notice>(), SizeIs(1));
    wait(10s);
    end_player();
    EXPECT_THAT(sent<player::Notice>(), IsEmpty());
}

}  // namespace
}  // namespace riverlight::firmware
