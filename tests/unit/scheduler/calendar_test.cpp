#include "scheduler/calendar/calendar.hpp"

#include <gtest/gtest.h>

#include "content/base/error.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using test::date;

TEST(Calendar, LocalDaysHave23To25Hours) {
    const auto length = [](const char* day, const std::string& zone) {
        const auto b = bounds_of(date(day), zone);
        return duration_cast<hours>(b.until - b.from).count();
    };
    EXPECT_EQ(length("2026-11-23", "Asia/Yangon"), 24);
    EXPECT_EQ(length("2026-03-29", "Europe/Berlin"), 23);
    EXPECT_EQ(length("2026-10-25", "Europe/Berlin"), 25);
    EXPECT_THROW(static_cast<void>(bounds_of(date("2026-11-23"), "Asia/Atlantis")), Error);
    EXPECT_TRUE(zone_exists("Asia/Yangon"));
    EXPECT_FALSE(zone_exists("Asia/Atlantis"));
}

TEST(Calendar, EveryInstantIsInItsLocalDay) {
    for (const std::string zone :
         {"Europe/Berlin", "Asia/Yangon", "America/Sao_Paulo", "Australia/Lord_Howe"}) {
        for (auto at = *from_rfc3339("2026-03-01T00:30:00Z"); at < *from_rfc3339("2026-11-30T00:00:00Z");
             at += hours{7}) {
            const auto day = local_day_of(at, zone);
            EXPECT_LE(day.from, at);
            EXPECT_LT(at, day.until);
        }
    }
}

TEST(Calendar, TimesThatAClockChangeSkipsOrRepeats) {
    const auto gap = instant_of(date("2026-03-29"), hours{2} + minutes{30}, "Europe/Berlin");
    EXPECT_EQ(to_rfc3339(gap), "2026-03-29T01:00:00.000000Z");
    const auto twice = instant_of(date("2026-10-25"), hours{2} + minutes{30}, "Europe/Berlin");
    EXPECT_EQ(to_rfc3339(twice), "2026-10-25T00:30:00.000000Z");
}

TEST(Calendar, WindowsCrossMidnightAndMerge) {
    const std::string zone = "Asia/Bangkok";
    const auto day = date("2026-11-23");
    const auto whole = bounds_of(day, zone);
    const auto night = window_on(day, 0x7f, hours{22}, hours{2}, zone);
    ASSERT_EQ(night.size(), 2U);
    EXPECT_EQ(night[0], (Span{whole.from, whole.from + hours{2}}));
    EXPECT_EQ(night[1], (Span{whole.from + hours{22}, whole.until}));
    const auto all = merged({{whole.from, whole.from + hours{3}}, {whole.from + hours{3}, whole.until}});
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(intersection(night, {{whole.from + hours{1}, whole.from + hours{23}}}),
              (std::vector<Span>{{whole.from + hours{1}, whole.from + hours{2}},
                                 {whole.from + hours{22}, whole.from + hours{23}}}));
}

}  // namespace
}  // namespace riverlight::scheduler
