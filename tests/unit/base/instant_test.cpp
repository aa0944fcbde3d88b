#include "content/base/instant.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace riverlight {
namespace {

using namespace std::chrono;

TEST(Instant, IsWrittenInUtcWithMicroseconds) {
    const Instant at = sys_days{2026y / 11 / 23} + 6h + 5min + 4s + 30us;
    EXPECT_EQ(to_rfc3339(at), "2026-11-23T06:05:04.000030Z");
    EXPECT_EQ(to_rfc3339(Instant{}), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(to_rfc3339(Instant{-1us}), "1969-12-31T23:59:59.999999Z");
}

TEST(Instant, ReadsOffsetsFractionsAndLeapSeconds) {
    EXPECT_EQ(from_rfc3339("2026-11-23T06:30:00+06:30"), Instant{sys_days{2026y / 11 / 23}});
    EXPECT_EQ(from_rfc3339("2026-11-23t00:00:00.5z"), Instant{sys_days{2026y / 11 / 23}} + 500ms);
    EXPECT_EQ(from_rfc3339("2016-12-31T23:59:60Z"), Instant{sys_days{2017y / 1 / 1}});
    EXPECT_EQ(from_rfc3339("2026-11-23T00:00:00.123456789Z"), Instant{sys_days{2026y / 11 / 23}} + 123456us);
}

TEST(Instant, RefusesEverythingElse) {
    for (const char* text :
         {"", "2026-11-23", "2026-11-23T06:05:04", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z",
          "2026-11-23T06:05:04.Z", "2026-11-23T06:05:04Zx", "2026-11-23T06:05:04+25:00", "26-11-23T06:05:04Z",
          "2026-11-23T06:05:04.1234567890Z", "2026-11-23T06:60:04Z", "-026-11-23T06:05:04Z"}) {
        EXPECT_FALSE(from_rfc3339(text)) << text;
    }
}

TEST(Instant, ReadsBackWhatItWrote) {
    EXPECT_TRUE(rc::check("every instant of years 1 to 9999 survives", [] {
        const auto seconds = *rc::gen::inRange<std::int64_t>(-62'135'596'800, 253'402'300'799);
        const Instant at{std::chrono::seconds{seconds} + microseconds{*rc::gen::inRange(0, 1'000'000)}};
        RC_ASSERT(from_rfc3339(to_rfc3339(at)) == at);
    }));
}

TEST(Date, IsADayThatExists) {
    EXPECT_EQ(date_from_iso("2028-02-29"), local_days{2028y / 2 / 29});
    EXPECT_FALSE(date_from_iso("2027-02-29"));
    EXPECT_FALSE(date_from_iso("2027-02-1"));
    EXPECT_FALSE(date_from_iso("2027-02-10 "));
    EXPECT_EQ(to_iso(local_days{2026y / 1 / 2}), "2026-01-02");
}

}  // namespace
}  // namespace riverlight
