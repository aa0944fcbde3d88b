#include "firmware/update/idle_time.hpp"

#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const std::string zone = "Asia/Phnom_Penh";  // UTC+7, the whole year

/// 23 November 2026 is a Monday.
Instant at(const char* local) {
    return *from_rfc3339(std::string(local) + "+07:00");
}
PlaceHours place(std::initializer_list<const char*> words, bool feed = false) {
    PlaceHours out{{}, zone, feed};
    for (const auto* text : words) out.open.push_back(content::parse_open_hours(text).value());
    return out;
}

TEST(IdleTime, AClosedPlaceIsIdleUntilItOpensSoon) {
    const auto hours = place({"mon-fri 08:00-20:00"});
    EXPECT_FALSE(is_idle_at(hours, at("2026-11-23T19:59:00")));
    EXPECT_TRUE(is_idle_at(hours, at("2026-11-23T20:00:00")));
    EXPECT_TRUE(is_idle_at(hours, at("2026-11-24T03:30:00")));
    EXPECT_TRUE(is_idle_at(hours, at("2026-11-24T07:38:00")));
    EXPECT_FALSE(is_idle_at(hours, at("2026-11-24T07:41:00"))) << "a start would not be over";
    EXPECT_TRUE(is_idle_at(hours, at("2026-11-28T12:00:00"))) << "a Saturday";
}

TEST(IdleTime, APauseAtNoonIsLongEnoughOrNot) {
    const auto hours = place({"08:00-12:00", "12:15-20:00"});
    EXPECT_FALSE(is_idle_at(hours, at("2026-11-23T12:05:00")));
    EXPECT_TRUE(is_idle_at(place({"08:00-12:00", "14:00-20:00"}), at("2026-11-23T12:05:00")));
}

TEST(IdleTime, APlaceThatDoesNotCloseIsIdleFromThreeToFour) {
    for (const auto& always :
         {place({}), place({"mon-fri 08:00-20:00"}, true), place({"00:00-12:00", "12:00-24:00"}),
          place({"mon-tue 00:00-12:00", "mon-tue 12:00-24:00"})}) {
        EXPECT_FALSE(is_idle_at(always, at("2026-11-23T02:59:59")));
        EXPECT_TRUE(is_idle_at(always, at("2026-11-23T03:00:00")));
        EXPECT_TRUE(is_idle_at(always, at("2026-11-23T03:59:59")));
        EXPECT_FALSE(is_idle_at(always, at("2026-11-23T04:00:00")));
    }
}

TEST(IdleTime, AHourThatAClockChangeSkipsDoesNotKeepAnUpdateAway) {
    // In Berlin it was 03:00 right after 01:59 on 29 March 2026.
    PlaceHours always{{}, "Europe/Berlin", false};
    EXPECT_TRUE(is_idle_at(always, *from_rfc3339("2026-03-29T01:00:00Z")));
    EXPECT_FALSE(is_idle_at(always, *from_rfc3339("2026-03-29T00:59:59Z")));
    EXPECT_FALSE(is_idle_at(always, *from_rfc3339("2026-03-29T02:00:00Z")));
}

TEST(IdleTime, APlaceThatIsOpenAtNightAndClosesInTheDayIsNotDisturbedAtNight) {
    const auto hours = place({"20:00-06:00"});
    EXPECT_FALSE(is_idle_at(hours, at("2026-11-24T03:30:00")));
    EXPECT_TRUE(is_idle_at(hours, at("2026-11-24T12:00:00")));
}

TEST(IdleTime, ABoardWithoutAProgrammeIsAlwaysIdle) {
    EXPECT_TRUE(is_idle_at({}, at("2026-11-23T12:00:00")));
}

TEST(IdleTime, TheNextIdleMomentIsKnown) {
    const auto hours = place({"mon-fri 08:00-20:00"});
    EXPECT_EQ(next_idle(hours, at("2026-11-23T12:07:00")), at("2026-11-23T20:00:00"));
    EXPECT_EQ(next_idle(hours, at("2026-11-23T21:07:00")), at("2026-11-23T21:07:00")) << "now";
    EXPECT_EQ(next_idle(place({}), at("2026-11-23T12:07:00")), at("2026-11-24T03:00:00"));
    EXPECT_EQ(next_idle(place({"00:00-12:00", "12:00-24:00"}), at("2026-11-23T12:07:00")),
              at("2026-11-24T03:00:00"));
}

}  // namespace
}  // namespace riverlight::firmware
