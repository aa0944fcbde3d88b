// Every zone of the tz database, day by day, against the C library's own reading of the same files.
#include <date/tz.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <set>

#include "content/base/error.hpp"
#include "scheduler/calendar/calendar.hpp"
#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/planner.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono;
using test::date;

std::vector<std::string> every_zone() {
    std::vector<std::string> names;
    for (const auto& zone : ::date::get_tzdb().zones) {
        if (zone.name() != "localtime") names.push_back(zone.name());
    }
    return names;
}

/// Sets the C library's time zone during its lifetime.
class WallClock {
  public:
    explicit WallClock(const std::string& zone) { set(zone); }
    ~WallClock() { set("UTC"); }
    WallClock(const WallClock&) = delete;

    [[nodiscard]] local_seconds reads(Instant at) const {
        const auto t = static_cast<std::time_t>(floor<seconds>(at).time_since_epoch().count());
        std::tm tm{};
        localtime_r(&t, &tm);
        return local_seconds{seconds{t} + seconds{tm.tm_gmtoff}};
    }

  private:
    static void set(const std::string& zone) {
        setenv("TZ", (":" + zone).c_str(), 1);
        tzset();
    }
};

/// The clock changes of a zone between two dates, by the tz library.
std::vector<Instant> changes(const std::string& zone, const char* from, const char* until) {
    std::vector<Instant> out;
    const auto& tz = *::date::locate_zone(zone);
    const auto end = sys_seconds{date(until).time_since_epoch()};
    for (auto at = sys_seconds{date(from).time_since_epoch()};;) {
        at = tz.get_info(at).end;
        if (at >= end) return out;
        out.push_back(at);
    }
}

milliseconds length(const std::vector<Span>& spans) {
    microseconds sum{0};
    for (const auto& span : spans) sum += span.until - span.from;
    return duration_cast<milliseconds>(sum);
}

/// A day begins when its zone's clock first shows it, ends where the next begins, and contains its instants.
void expect_day_is_whole(local_days day, const std::string& zone, const WallClock& clock) {
    const auto bounds = bounds_of(day, zone);
    ASSERT_EQ(bounds.until, bounds_of(day + days{1}, zone).from) << "hole or double after " << to_iso(day);
    ASSERT_GE(clock.reads(bounds.from), local_seconds{day}) << to_iso(day);
    ASSERT_LT(clock.reads(bounds.from - 1s), local_seconds{day}) << to_iso(day);
    if (bounds.from == bounds.until) return;  // a day that the zone left out
    ASSERT_EQ(local_day_of(bounds.from, zone).day, day);
    ASSERT_EQ(local_day_of(bounds.until - 1us, zone).day, day);
}

/// Windows that touch on the clock cover the day without gap or overlap, also when the clock changes.
void expect_windows_share_the_day(local_days day, const std::string& zone, minutes morning, minutes night) {
    const auto bounds = bounds_of(day, zone);
    std::vector<Span> all;
    for (const auto& [from, until] : {std::pair{morning, night}, std::pair{night, morning}}) {
        const auto spans = window_on(day, 0x7f, from, until, zone);
        all.insert(all.end(), spans.begin(), spans.end());
    }
    ASSERT_EQ(length(all), duration_cast<milliseconds>(bounds.until - bounds.from)) << to_iso(day);
    if (bounds.from == bounds.until) return;
    ASSERT_EQ(merged(all), (std::vector<Span>{{bounds.from, bounds.until}})) << to_iso(day);
}

/// A window that crosses midnight is continuous, with a part on each day, and only after its own weekday.
void expect_night_is_one_run(local_days day, const std::string& zone) {
    const auto weekday_bit = 1U << (weekday{day}.iso_encoding() - 1);
    auto spans = window_on(day, weekday_bit, 22h, 2h, zone);
    const auto tomorrow = window_on(day + days{1}, weekday_bit, 22h, 2h, zone);
    spans.insert(spans.end(), tomorrow.begin(), tomorrow.end());
    const Span whole{instant_of(day, 22h, zone), instant_of(day, 26h, zone)};
    ASSERT_EQ(length(spans), duration_cast<milliseconds>(whole.until - whole.from)) << to_iso(day);
    if (whole.from == whole.until) return;
    ASSERT_EQ(merged(spans), std::vector<Span>{whole}) << to_iso(day);
}

TEST(Zones, FourHundredDaysOfEveryZoneHaveNoGapAndNoOverlap) {
    // Leap day, two year ends, and every daylight saving in both directions lie in these 400 days.
    const auto first = date("2027-12-15");
    const auto zones = every_zone();
    ASSERT_GT(zones.size(), 400U);
    for (const auto& zone : zones) {
        SCOPED_TRACE(zone);
        const WallClock clock(zone);
        for (int n = 0; n < 400 && !HasFatalFailure(); ++n) {
            const auto day = first + days{n};
            expect_day_is_whole(day, zone, clock);
            const minutes morning{n * 37 % 1440}, night{(n * 37 + 1 + n * 101 % 1439) % 1440};
            expect_windows_share_the_day(day, zone, morning, night);
            expect_night_is_one_run(day, zone);
        }
        if (HasFatalFailure()) return;
    }
}

/// The days from the one before to the one after each clock change, the leap day and the ends of the years.
std::set<local_days> days_of_note_in(const std::string& zone, const WallClock& clock) {
    std::set<local_days> out;
    const auto add = [&](local_days day) {
        for (int n = -1; n <= 1; ++n) out.insert(day + days{n});
    };
    for (const auto* day : {"2027-12-31", "2028-02-29", "2028-12-31"}) add(date(day));
    for (const auto change : changes(zone, "2027-12-15", "2029-01-18")) add(floor<days>(clock.reads(change)));
    return out;
}

/// Airings follow each other from the day's begin to its end, with each hard start at its time.
void expect_plan_is_whole(const Plan& plan) {
    auto at = plan.from;
    int hard = 0;
    for (const auto& a : plan.airings) {
        ASSERT_EQ(a.start, at) << to_iso(plan.day);
        ASSERT_GT(a.end, a.start) << to_iso(plan.day);
        if (a.booking == "news") {
            ++hard;
            ASSERT_EQ(a.start, instant_of(plan.day, 12h, plan.zone)) << to_iso(plan.day);
        }
        at = a.end;
    }
    ASSERT_EQ(at, plan.until) << to_iso(plan.day);
    ASSERT_EQ(hard, 1) << to_iso(plan.day);
}

TEST(Zones, PlansOfEveryZoneHaveNoGapAndNoOverlap) {
    const auto toml = test::campaign("fill", "id = \"fill\"\nkind = \"filler\"\nsegments = [\"long\"]") +
                      test::campaign("c",
                                     "id = \"news\"\nkind = \"fixed\"\nstart = \"hard\"\nat = "
                                     "12:00:00\nsegments = [\"spot\"]");
    auto midnight = test::schedule(toml), early = test::schedule("day_start = \"02:30\"\n" + toml);
    auto c = test::catalogue({test::segment("long", 1777), test::segment("spot", 30)});
    auto& place = c.countries["KH"].places[0];
    for (const auto& zone : every_zone()) {
        SCOPED_TRACE(zone);
        const WallClock clock(zone);
        place.zone = zone;
        for (const auto& s : {midnight, early}) {
            for (const auto day : days_of_note_in(zone, clock)) {
                const auto plan = plan_day(s, c, place, day, 0);
                ASSERT_EQ(plan.until, broadcast_day(s, zone, day + days{1}).from) << to_iso(day);
                expect_plan_is_whole(plan);
                if (HasFatalFailure()) return;
            }
        }
    }
}

TEST(Zones, EveryClockChangeOfEveryZoneSince1970HasNoGapAndNoOverlap) {
    std::size_t seen = 0;
    for (const auto& zone : every_zone()) {
        SCOPED_TRACE(zone);
        const WallClock clock(zone);
        for (const auto change : changes(zone, "1970-01-02", "2037-01-01")) {
            SCOPED_TRACE(to_rfc3339(change));
            ++seen;
            const auto day = floor<days>(clock.reads(change));
            for (int n = -2; n <= 2; ++n) {
                expect_day_is_whole(day + days{n}, zone, clock);
                expect_windows_share_the_day(day + days{n}, zone, 5h, 22h + 30min);
                expect_night_is_one_run(day + days{n}, zone);
            }
            if (HasFatalFailure()) return;
        }
    }
    EXPECT_GT(seen, 10'000U);
}

TEST(Zones, ATimeIsTheFirstInstantAtWhichTheClockShowsItOrLater) {
    for (const auto& zone : every_zone()) {
        SCOPED_TRACE(zone);
        const WallClock clock(zone);
        for (const auto change : changes(zone, "2000-01-01", "2037-01-01")) {
            SCOPED_TRACE(to_rfc3339(change));
            const auto middle = floor<minutes>(clock.reads(change));
            for (local_seconds shown = middle - 4h; shown < middle + 4h; shown += 7min + 30s) {
                const auto day = floor<days>(shown);
                const auto at = instant_of(day, shown - day, zone);
                ASSERT_GE(clock.reads(at), shown);
                ASSERT_LT(clock.reads(at - 1s), shown);
                ASSERT_LE(at, instant_of(day, shown - day + 1s, zone)) << "time runs backwards";
            }
        }
    }
}

struct Odd {
    const char* zone;
    const char* day;
    const char* from;
    const char* until;
};

/// Days that calendars get wrong, written by hand from the notes in the tz database.
TEST(Zones, UnusualDaysHaveTheirKnownBounds) {
    static constexpr Odd days_of_note[] = {
        {"Asia/Yangon", "2026-11-24", "2026-11-23T17:30:00.000000Z", "2026-11-24T17:30:00.000000Z"},
        // Midnight does not exist: the clock goes from 23:59:59 to 01:00.
        {"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00.000000Z", "2018-11-05T02:00:00.000000Z"},
        {"Africa/Cairo", "2026-04-24", "2026-04-23T22:00:00.000000Z", "2026-04-24T21:00:00.000000Z"},
        // The last hour of the day comes twice.
        {"America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00.000000Z", "2018-02-18T03:00:00.000000Z"},
        // The first hour of the day comes twice.
        {"America/Havana", "2026-11-01", "2026-11-01T04:00:00.000000Z", "2026-11-02T05:00:00.000000Z"},
        // Half an hour of daylight saving.
        {"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00.000000Z", "2026-04-05T13:30:00.000000Z"},
        {"Australia/Lord_Howe", "2026-10-04", "2026-10-03T13:30:00.000000Z", "2026-10-04T13:00:00.000000Z"},
        // Samoa went over the date line and had no 30 December 2011.
        {"Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00.000000Z", "2011-12-30T10:00:00.000000Z"},
        {"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000000Z", "2011-12-30T10:00:00.000000Z"},
        {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000000Z", "2011-12-31T10:00:00.000000Z"},
        // A quarter of an hour, and Pyongyang's half.
        {"Asia/Kathmandu", "2026-11-24", "2026-11-23T18:15:00.000000Z", "2026-11-24T18:15:00.000000Z"},
        {"Asia/Pyongyang", "2018-05-04", "2018-05-03T15:30:00.000000Z", "2018-05-04T15:00:00.000000Z"},
        {"Asia/Bangkok", "2028-02-29", "2028-02-28T17:00:00.000000Z", "2028-02-29T17:00:00.000000Z"},
    };
    for (const auto& odd : days_of_note) {
        const auto bounds = bounds_of(date(odd.day), odd.zone);
        EXPECT_EQ(to_rfc3339(bounds.from), odd.from) << odd.zone << ' ' << odd.day;
        EXPECT_EQ(to_rfc3339(bounds.until), odd.until) << odd.zone << ' ' << odd.day;
    }
}

TEST(Zones, ADayThatAZoneSkippedHasNoWindowsAndNoInstants) {
    const std::string zone = "Pacific/Apia";
    EXPECT_TRUE(window_on(date("2011-12-30"), 0x7f, 6h, 9h, zone).empty());
    EXPECT_EQ(local_day_of(bounds_of(date("2011-12-30"), zone).from, zone).day, date("2011-12-31"));
}

TEST(Zones, LocaltimeIsNoZone) {
    EXPECT_FALSE(zone_exists("localtime")) << "a plan must not depend on the machine that works it out";
    EXPECT_FALSE(zone_exists(""));
    EXPECT_FALSE(zone_exists("../../etc/passwd"));
    EXPECT_FALSE(zone_exists("right/Asia/Bangkok"));
    EXPECT_THROW(static_cast<void>(bounds_of(date("2026-11-24"), "localtime")), Error);
}

}  // namespace
}  // namespace riverlight::scheduler
