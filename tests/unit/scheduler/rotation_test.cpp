#include "scheduler/plan/rotation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace riverlight::scheduler {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr milliseconds day_length = 24h;

class RotationTest : public ::testing::Test {
  protected:
    /// Of one item of 30 s, from 10:00 to 12:30.
    PacedRotation paced(std::uint64_t salt = 0) {
        booking_.kind = BookingKind::rotation;
        DayBooking out;
        out.booking = &booking_;
        out.open = windows_;
        Item item;
        item.length = 30s;
        item.allowed = windows_;
        out.items = {item};
        out.share_base = total_length(windows_);
        return pace_rotation(out, day_length, salt);
    }
    Booking booking_;
    const std::vector<Interval> windows_{{day_begin + 10h, day_begin + 12h + 30min}};
};

void expect_in_order(const PacedRotation& rotation) {
    for (std::size_t i = 0; i < rotation.plays.size(); ++i) {
        const auto& play = rotation.plays[i];
        EXPECT_EQ(play.number, static_cast<int>(i));
        EXPECT_LE(play.earliest, play.ideal);
        EXPECT_LE(play.ideal, play.deadline);
        if (i > 0) {
            EXPECT_GT(play.ideal, rotation.plays[i - 1].ideal);
        }
    }
}

TEST_F(RotationTest, PlaysAnHourAreCountedOverTheWindows) {
    booking_.plays_per_hour = 4;
    const auto rotation = paced();
    ASSERT_EQ(rotation.plays.size(), 10U);
    expect_in_order(rotation);
    EXPECT_EQ(rotation.plays[0].ideal, day_begin + 10h);
    EXPECT_EQ(rotation.plays[1].ideal, day_begin + 10h + 15min);
    EXPECT_LT(rotation.plays[9].deadline, windows_[0].until);
}

TEST_F(RotationTest, ASaltShiftsEachPlayWithinItsCell) {
    booking_.plays_per_hour = 4;
    const auto rotation = paced(61'500);
    expect_in_order(rotation);
    EXPECT_EQ(rotation.plays[0].earliest, day_begin + 10h);
    EXPECT_EQ(rotation.plays[0].ideal, day_begin + 10h + 61s) << "whole seconds";
}

TEST_F(RotationTest, QuotasAllowOnePlayMoreAndOneLess) {
    booking_.plays_per_hour = 4;
    const auto quotas = paced().quotas;
    ASSERT_EQ(quotas.size(), 24U);
    EXPECT_EQ(quotas[10].least, 3);
    EXPECT_EQ(quotas[10].most, 5);
    EXPECT_EQ(quotas[12].least, 1) << "open for half an hour";
    EXPECT_EQ(quotas[12].most, 3);
    EXPECT_EQ(quotas[13].least, 0);
}

TEST_F(RotationTest, AShareIsAPartOfTheTimeInWhichItMayAir) {
    booking_.share_percent = 10;
    EXPECT_EQ(paced().plays.size(), 30U) << "15 minutes of 150";
    booking_.daily_cap = 7;
    EXPECT_EQ(paced().plays.size(), 7U);
}

TEST_F(RotationTest, EarlyPacingHasNoQuotas) {
    booking_.plays_per_day = 5;
    booking_.pacing = Pacing::early;
    const auto rotation = paced(1234);
    EXPECT_THAT(rotation.quotas, IsEmpty());
    ASSERT_EQ(rotation.plays.size(), 5U);
    for (const auto& play : rotation.plays) {
        EXPECT_EQ(play.ideal, windows_[0].from);
        EXPECT_EQ(play.deadline, windows_[0].until - 1ms);
    }
}

TEST_F(RotationTest, SpreadsPlaysOverTheRestOfTheWindows) {
    const auto plays = spread_plays(windows_, day_begin + 11h + 30min, 4);
    ASSERT_EQ(plays.size(), 4U);
    EXPECT_EQ(plays[0].ideal, day_begin + 11h + 30min);
    EXPECT_EQ(plays[3].ideal, day_begin + 12h + 15min);
    EXPECT_THAT(spread_plays(windows_, windows_[0].until, 4), IsEmpty());
}

}  // namespace
}  // namespace riverlight::scheduler
