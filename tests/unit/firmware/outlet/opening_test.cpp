#include "firmware/outlet/opening.hpp"

#include <gtest/gtest.h>

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const std::string zone = "Asia/Phnom_Penh";  // UTC+7, the whole year

/// 23 November 2026 is a Monday.
Instant at(const char* local) {
    return *from_rfc3339(std::string(local) + "+07:00");
}
std::vector<content::OpenHours> opening(std::initializer_list<const char*> words) {
    std::vector<content::OpenHours> hours;
    for (const auto* text : words) hours.push_back(*content::parse_open_hours(text));
    return hours;
}

TEST(OpeningTest, WithoutHoursADisplayIsAlwaysOn) {
    EXPECT_TRUE(is_open_at({}, at("2026-11-23T03:00:00"), zone));
}

TEST(OpeningTest, ADisplayIsOnFromAMinuteBeforeOpeningUntilClosing) {
    const auto o = opening({"mon-fri 08:00-20:00"});
    EXPECT_FALSE(is_open_at(o, at("2026-11-23T07:58:59"), zone));
    EXPECT_TRUE(is_open_at(o, at("2026-11-23T07:59:00"), zone));
    EXPECT_TRUE(is_open_at(o, at("2026-11-23T19:59:59"), zone));
    EXPECT_FALSE(is_open_at(o, at("2026-11-23T20:00:00"), zone));
    EXPECT_FALSE(is_open_at(o, at("2026-11-28T12:00:00"), zone)) << "a Saturday";
}

TEST(OpeningTest, ANightBelongsToTheDayItBeginsOn) {
    const auto o = opening({"fri 22:00-02:00"});
    EXPECT_TRUE(is_open_at(o, at("2026-11-27T23:00:00"), zone));
    EXPECT_TRUE(is_open_at(o, at("2026-11-28T01:59:00"), zone));
    EXPECT_FALSE(is_open_at(o, at("2026-11-28T02:00:00"), zone));
    EXPECT_FALSE(is_open_at(o, at("2026-11-28T23:00:00"), zone));
    EXPECT_TRUE(is_open_at(opening({"sat 00:00-06:00"}), at("2026-11-27T23:59:30"), zone))
        << "a minute before midnight";
}

TEST(OpeningTest, AnHourSkippedByDaylightSavingOpensWhenItIsOver) {
    // Berlin, 29 March 2026: 02:00 becomes 03:00.
    const auto o = opening({"02:30-04:00"});
    EXPECT_FALSE(is_open_at(o, *from_rfc3339("2026-03-29T00:58:00Z"), "Europe/Berlin"));
    EXPECT_TRUE(is_open_at(o, *from_rfc3339("2026-03-29T01:00:00Z"), "Europe/Berlin"));
    EXPECT_FALSE(is_open_at(o, *from_rfc3339("2026-03-29T02:00:00Z"), "Europe/Berlin"));
}

}  // namespace
}  // namespace riverlight::firmware
