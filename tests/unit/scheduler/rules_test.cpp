#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/explain.hpp"
#include "scheduler/plan/planner.hpp"
#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/scheduler/plan_rules.hpp"

/// Rotations, locales, calendars, ratings and explanations, each rule by itself on a day that can be read.
namespace riverlight {
namespace {

using namespace std::chrono_literals;
using content::Rating;
using scheduler::Obstacle;
using scheduler::Plan;
using test::campaign;
using test::filler;
using test::lines;
using test::of;
using test::segment;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

content::Catalogue everything() {
    return test::catalogue({segment("f15", 15), segment("f20", 20), segment("spot", 30), segment("other", 60),
                            segment("long", 600), segment("pad", 10)});
}

void expect_no_violations(const std::string& toml, const content::Catalogue& c, const Plan& p) {
    EXPECT_THAT(test::find_violations(test::schedule(toml), c, p), ElementsAre());
}

TEST(Rotation, WeightsShareItsPlays) {
    const auto p =
        test::plan(filler + campaign("c",
                                     "id = \"r\"\nkind = \"rotation\"\nplays_per_day = 100\nsegments = "
                                     "[\"spot\", \"other\"]\nweights = [3, 1]"),
                   everything());
    std::map<std::string, int> plays;
    for (const auto& a : of(p, "r")) ++plays[a.segment];
    EXPECT_EQ(plays["spot"], 75);
    EXPECT_EQ(plays["other"], 25);
}

TEST(Rotation, APlayThatIsPutOffStaysInItsHour) {
    // With this id the booking's ideal time is seven seconds before the full hour. The block moves three of
    // its plays into later hours; the filler that is on at 03:59:52 would put the fourth off into the fifth
    // hour.
    const auto toml =
        filler +
        campaign("c", "id = \"hourly-6\"\nkind = \"rotation\"\nplays_per_hour = 1\nsegments = [\"spot\"]") +
        campaign("tv",
                 "id = \"night\"\nkind = \"block\"\nat = 00:00:00\nuntil = 03:00:00\nsegments = [\"long\"]");
    const auto p = test::plan(toml, everything());
    EXPECT_EQ(of(p, "hourly-6").size(), 24U);
    EXPECT_THAT(lines(p, "hourly-6"), Contains("03:59:52 spot"));
    std::map<std::string, int> hours;
    for (const auto& a : of(p, "hourly-6")) ++hours[test::at(a, p).substr(0, 2)];
    for (const auto& [hour, plays] : hours) EXPECT_LE(plays, 2) << hour;
    expect_no_violations(toml, everything(), p);
}

TEST(Rotation, EarlyPacingAirsAsSoonAsPossible) {
    const auto p =
        test::plan(filler + campaign("c",
                                     "id = \"r\"\nkind = \"rotation\"\nplays_per_day = 20\npacing = "
                                     "\"early\"\nseparation_s = 60\nsegments = [\"spot\"]"),
                   everything());
    ASSERT_EQ(of(p, "r").size(), 20U);
    EXPECT_LT(of(p, "r").back().start, p.from + 40min);
}

TEST(Rotation, EachSegmentAirsInEachLanguage) {
    auto c = everything();
    c.countries["KH"].places[0].languages = {{"km", 50}, {"en", 50}};
    const auto p =
        test::plan(campaign("c",
                            "id = \"r\"\nkind = \"rotation\"\nplays_per_day = 100\nsegments = [\"spot\", "
                            "\"other\"]"),
                   c);
    std::map<std::string, int> count;
    for (const auto& a : of(p, "r")) ++count[a.segment + ' ' + a.locale];
    for (const auto* each : {"spot km", "spot en", "other km", "other en"})
        EXPECT_NEAR(count[each], 25, 1) << each;
}

TEST(Locale, FollowsThePlacesChain) {
    auto c = test::catalogue({segment("spot", 30, {"my", "en"})});
    auto& place = c.countries["KH"].places[0];
    place.languages = {{"shn", 60, {"my", "en"}}, {"th", 40, {}}};
    const auto p = test::plan(campaign("c", "id = \"f\"\nkind = \"filler\"\nsegments = [\"spot\"]"), c);
    for (const auto& a : p.airings) {
        EXPECT_EQ(a.locale, "my") << "for " << a.locale_asked;
    }
    EXPECT_EQ(p.airings[0].locale_asked, "shn");
    c.countries["KH"].clearances[0].locales = {"en"};
    EXPECT_EQ(test::plan(campaign("c", "id = \"f\"\nkind = \"filler\"\nsegments = [\"spot\"]"), c)
                  .airings[0]
                  .locale,
              "en");
}

TEST(Calendar, TheBroadcastDayBeginsWhereTheScheduleSays) {
    const auto toml = "day_start = 06:00:00\n" + std::string(filler) +
                      campaign("c",
                               "id = \"night\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 02:00:00\nrrule = "
                               "\"FREQ=WEEKLY;BYDAY=MO\"\nsegments = [\"spot\"]");
    const auto p = test::plan(toml, everything(), "2026-11-23");  // a Monday
    EXPECT_EQ(scheduler::local_text(p.from, p.zone), "2026-11-23 06:00:00");
    EXPECT_EQ(scheduler::local_text(p.until, p.zone), "2026-11-24 06:00:00");
    ASSERT_EQ(of(p, "night").size(), 1U);
    EXPECT_EQ(scheduler::local_text(of(p, "night")[0].start, p.zone), "2026-11-24 02:00:00");
    const auto s = test::schedule(toml);
    EXPECT_EQ(scheduler::broadcast_day_of(s, p.zone, p.from - 1s).day, test::date("2026-11-22"));
    EXPECT_EQ(scheduler::broadcast_day_of(s, p.zone, p.until - 1s).day, test::date("2026-11-23"));
}

TEST(Calendar, ExceptionsAdditionsAndHolidays) {
    auto c = everything();
    c.countries["KH"].holidays["public"] = {test::date("2026-11-25")};
    const auto counts = [&](const std::string& more, const char* day) {
        const auto p = test::plan(
            filler +
                campaign("c", "id = \"h\"\nkind = \"fixed\"\nat = 08:00:00\nsegments = [\"spot\"]\n" + more),
            c, day);
        return of(p, "h").size();
    };
    const std::string weekly =
        "rrule = \"FREQ=WEEKLY;BYDAY=MO\"\nexdates = [2026-11-30]\nrdates = [2026-12-02]\n";
    EXPECT_EQ(counts(weekly, "2026-11-23"), 1U);
    EXPECT_EQ(counts(weekly, "2026-11-30"), 0U);
    EXPECT_EQ(counts(weekly, "2026-12-02"), 1U);
    EXPECT_EQ(counts("never_on_holidays = [\"public\"]", "2026-11-25"), 0U);
    EXPECT_EQ(counts("never_on_holidays = [\"public\"]", "2026-11-26"), 1U);
    EXPECT_EQ(counts("only_on_holidays = [\"public\"]", "2026-11-25"), 1U);
    EXPECT_EQ(counts("only_on_holidays = [\"public\"]", "2026-11-26"), 0U);
}

TEST(Calendar, EmbargoAndExpiryHoldToTheSecond) {
    const auto p = test::plan(campaign("c", "id = \"f\"\nkind = \"filler\"\nsegments = [\"spot\"]",
                                       "embargo = 2026-11-23T09:00:07\nexpiry = 2026-11-23T10:00:00+07:00"),
                              everything());
    ASSERT_FALSE(p.airings.empty());
    EXPECT_EQ(test::at(p.airings.front(), p), "09:00:07");
    EXPECT_LE(p.airings.back().end, p.from + 10h);
    auto c = everything();
    for (auto& one : c.countries["KH"].clearances) one.expiry = p.from + 11h + 13s;
    const auto ended = test::plan(filler, c);
    EXPECT_LE(ended.airings.back().end, p.from + 11h + 13s);
    EXPECT_GT(ended.airings.back().end, p.from + 11h - 10s);
}

TEST(Ratings, GuidanceKeepsAwayFromChildrensSegments) {
    auto child = segment("child", 60);
    child.for_children = true;
    auto c = test::catalogue({segment("f15", 15), segment("f20", 20), child,
                              segment("rated", 30, {"km", "en"}, Rating::guidance)});
    c.countries["KH"].hours.from_children = 30min;
    const auto toml =
        filler +
        campaign("k",
                 "id = \"kids\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 21:00:00\nsegments = [\"child\"]") +
        campaign("g", "id = \"r\"\nkind = \"rotation\"\nplays_per_hour = 6\nsegments = [\"rated\"]");
    const auto p = test::plan(toml, c);
    ASSERT_GT(of(p, "r").size(), 20U);
    for (const auto& a : of(p, "r"))
        EXPECT_TRUE(a.end <= p.from + 20h + 30min || a.start >= p.from + 21h + 31min) << test::at(a, p);
    expect_no_violations(toml, c, p);
    c.countries["KH"].hours.from_children = 0min;
    const auto near = of(test::plan(toml, c), "r");
    EXPECT_TRUE(std::any_of(near.begin(), near.end(), [&](const auto& a) {
        return a.start > p.from + 20h + 30min && a.start < p.from + 21h + 31min;
    }));
}

TEST(Explain, NamesWhatIsOnAndWhyEachOtherBookingIsNot) {
    const auto toml =
        "[dayparts.morning]\nfrom = 06:00:00\nuntil = 09:00:00\n" + std::string(filler) +
        campaign("noon",
                 "id = \"news\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 12:00:00\nsegments = [\"other\"]",
                 "priority = 90") +
        campaign("less",
                 "id = \"late\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 12:00:10\nsegments = [\"spot\"]",
                 "priority = 10") +
        campaign("m",
                 "id = \"early\"\nkind = \"rotation\"\nplays_per_hour = 3\ndayparts = "
                 "[\"morning\"]\nsegments = [\"spot\"]") +
        campaign("th", "id = \"abroad\"\nkind = \"filler\"\nsegments = [\"spot\"]",
                 "audience = { countries = [\"TH\"] }");
    const auto c = everything();
    const auto& place = c.countries.at("KH").places[0];
    const auto at = scheduler::bounds_of(test::date("2026-11-23"), place.zone).from + 12h + 15s;
    const auto e = scheduler::explain_at(test::schedule(toml), c, place, at, 0);
    ASSERT_EQ(e.on_air.size(), 1U);
    EXPECT_EQ(e.on_air[0].booking, "news");
    EXPECT_THAT(e.because, HasSubstr("12:00:00"));
    std::map<std::string, Obstacle> why;
    for (const auto& o : e.others) {
        why[o.booking] = o.why;
        EXPECT_FALSE(o.reason.empty()) << o.booking;
    }
    EXPECT_EQ(why.size(), 4U);
    EXPECT_EQ(why["fill"], Obstacle::lesser);
    EXPECT_EQ(why["late"], Obstacle::taken);
    EXPECT_EQ(why["early"], Obstacle::window);
    EXPECT_EQ(why["abroad"], Obstacle::audience);
}

}  // namespace
}  // namespace riverlight
