#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "scheduler/plan/explain.hpp"
#include "scheduler/plan/plan_json.hpp"
#include "scheduler/plan/planner.hpp"
#include "scheduler/preview/overbooked.hpp"
#include "scheduler/preview/svg.hpp"
#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/scheduler/plan_rules.hpp"

/// Planning for a place that is not always open.
namespace riverlight {
namespace {

using namespace std::chrono_literals;
using scheduler::Obstacle;
using scheduler::Plan;
using test::campaign;
using test::filler;
using test::lines;
using test::of;
using test::segment;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

content::Catalogue open_at(std::initializer_list<const char*> hours) {
    auto c =
        test::catalogue({segment("f15", 15), segment("f20", 20), segment("spot", 30), segment("long", 600)});
    for (const auto* text : hours)
        c.countries.at("KH").places[0].open.push_back(*content::parse_open_hours(text));
    return c;
}

std::string rotation(const std::string& how_often) {
    return filler + campaign("r", "id = \"r\"\nkind = \"rotation\"\nsegments = [\"spot\"]\n" + how_often);
}

/// `from-until` of the hours at which the plan says that the place is closed.
std::vector<std::string> closed_hours(const Plan& p) {
    std::vector<std::string> out;
    for (const auto& gap : p.gaps)
        if (gap.cause == scheduler::GapCause::closed)
            out.push_back(scheduler::local_text(gap.from, p.zone).substr(11, 5) + '-' +
                          scheduler::local_text(gap.until, p.zone).substr(11, 5));
    return out;
}

void expect_no_violations(const std::string& toml, const content::Catalogue& c, const Plan& p) {
    EXPECT_THAT(test::find_violations(test::schedule(toml), c, p), IsEmpty());
}

TEST(OpenHours, PlaysADayAreSpreadOverOpenHours) {
    const auto c = open_at({"08:00-20:00"});
    const auto toml = rotation("plays_per_day = 24");
    const auto p = test::plan(toml, c);
    const auto plays = of(p, "r");
    ASSERT_EQ(plays.size(), 24U);
    std::map<std::string, int> hours;
    for (const auto& a : plays) ++hours[test::at(a, p).substr(0, 2)];
    EXPECT_EQ(hours.size(), 12U);
    for (const auto& [hour, count] : hours) EXPECT_EQ(count, 2) << hour;
    EXPECT_THAT(closed_hours(p), ElementsAre("00:00-08:00", "20:00-00:00"));
    EXPECT_EQ(p.gaps.size(), 2U);
    EXPECT_THAT(p.shortfalls, IsEmpty());
    EXPECT_EQ(p.airings.front().start, p.from + 8h);
    EXPECT_EQ(p.airings.back().end, p.from + 20h);
    expect_no_violations(toml, c, p);
}

TEST(OpenHours, PlaysAnHourAndSharesAreOfOpenHours) {
    const auto c = open_at({"08:00-18:00"});
    EXPECT_EQ(of(test::plan(rotation("plays_per_hour = 3"), c), "r").size(), 30U);
    const auto shared = of(test::plan(rotation("share_percent = 10"), c), "r");
    EXPECT_EQ(shared.size(), 120U) << "an hour of ten, in plays of half a minute";
}

TEST(OpenHours, AHardStartWhileClosedIsAShortfallAndASoftStartWaitsForOpeningTime) {
    const auto c = open_at({"08:00-20:00"});
    const auto fixed = [](const std::string& more) {
        return filler + campaign("news",
                                 "id = \"news\"\nkind = \"fixed\"\nat = 06:00:00\nsegments = "
                                 "[\"spot\"]\n" +
                                     more);
    };
    const auto hard = test::plan(fixed("start = \"hard\""), c);
    EXPECT_THAT(of(hard, "news"), IsEmpty());
    const auto lost = std::find_if(hard.shortfalls.begin(), hard.shortfalls.end(),
                                   [](const auto& s) { return s.booking == "news"; });
    ASSERT_NE(lost, hard.shortfalls.end());
    EXPECT_EQ(lost->why, Obstacle::closed);
    EXPECT_THAT(lost->reason, HasSubstr("the place is closed"));
    const auto soft = test::plan(fixed("start = \"soft\"\nlate_limit_s = 10800"), c);
    EXPECT_THAT(lines(soft, "news"), ElementsAre("08:00:00 spot"));
}

TEST(OpenHours, AClosedDayHasNoAiringsAndOneGap) {
    const auto c = open_at({"mon-sat 08:00-20:00"});
    const auto toml = rotation("plays_per_hour = 2") +
                      campaign("tv",
                               "id = \"tv\"\nkind = \"block\"\nat = 12:00:00\nuntil = 12:30:00\nsegments = "
                               "[\"long\"]");
    const auto sunday = test::plan(toml, c, "2026-11-22");
    EXPECT_THAT(sunday.airings, IsEmpty());
    EXPECT_THAT(closed_hours(sunday), ElementsAre("00:00-00:00"));
    EXPECT_EQ(sunday.gaps.size(), 1U);
    ASSERT_EQ(sunday.shortfalls.size(), 1U) << "of the block, which has a start time of its own";
    EXPECT_EQ(sunday.shortfalls[0].booking, "tv");
    expect_no_violations(toml, c, sunday);
    EXPECT_THAT(test::plan(toml, c).airings, Not(IsEmpty())) << "a Monday";
}

TEST(OpenHours, ABookingOutsideOpenHoursIsAShortfallAndAWarning) {
    const auto c = open_at({"mon-sat 08:00-20:00"});
    const auto toml = "[dayparts.evening]\nfrom = 20:00:00\nuntil = 23:00:00\n" +
                      rotation("plays_per_hour = 2\ndayparts = [\"evening\"]");
    const auto p = test::plan(toml, c);
    EXPECT_EQ(p.gaps.size(), 2U);
    ASSERT_EQ(p.shortfalls.size(), 1U);
    const auto lost = std::find_if(p.shortfalls.begin(), p.shortfalls.end(),
                                   [](const auto& s) { return s.booking == "r"; });
    ASSERT_NE(lost, p.shortfalls.end());
    EXPECT_EQ(lost->why, Obstacle::closed);
    const auto sunday = test::plan(toml, c, "2026-11-22");
    EXPECT_EQ(sunday.gaps.size(), 1U);
    EXPECT_THAT(sunday.shortfalls, IsEmpty());
    std::vector<std::string> findings;
    for (const auto& f :
         scheduler::check_plans(test::schedule(toml), c, "s.toml", {test::date("2026-11-22"), 7}))
        findings.push_back(f.text());
    EXPECT_THAT(findings, ElementsAre(HasSubstr(
                              "warning: booking r: never airs at kh-1: the place is closed at all of its "
                              "hours; book it while the place is open")));
}

TEST(OpenHours, HoursThatCrossMidnightBelongToTheDayOnWhichTheyBegin) {
    const auto c = open_at({"mon 18:00-02:00", "tue 10:00-11:00"});
    const auto toml = "day_start = 06:00:00\n" + rotation("plays_per_hour = 1");
    const auto monday = test::plan(toml, c);  // 06:00 to 06:00
    EXPECT_THAT(closed_hours(monday), ElementsAre("06:00-18:00", "02:00-06:00"));
    EXPECT_EQ(of(monday, "r").size(), 8U);
    const auto tuesday = test::plan(toml, c, "2026-11-24");
    EXPECT_THAT(closed_hours(tuesday), ElementsAre("06:00-10:00", "11:00-06:00"));
    expect_no_violations(toml, c, monday);
}

TEST(OpenHours, ATakeoverAirsInOpenHoursOnly) {
    const auto c = open_at({"08:00-20:00"});
    const auto toml = filler + campaign("alarm",
                                        "id = \"alarm\"\nkind = \"takeover\"\nsegments = [\"spot\"]\nfrom = "
                                        "2026-11-23T19:00:00\nuntil = 2026-11-23T21:00:00");
    const auto p = test::plan(toml, c);
    const auto on = of(p, "alarm");
    ASSERT_FALSE(on.empty());
    EXPECT_EQ(on.front().start, p.from + 19h);
    EXPECT_EQ(on.back().end, p.from + 20h);
    expect_no_violations(toml, c, p);
}

TEST(OpenHours, AreExplainedAndDrawn) {
    const auto c = open_at({"08:00-20:00"});
    const auto toml = rotation("plays_per_hour = 2");
    const auto p = test::plan(toml, c);
    const auto& place = c.countries.at("KH").places[0];
    const auto why = scheduler::explain_at(test::schedule(toml), c, place, p.from + 3h, 0);
    EXPECT_THAT(why.on_air, IsEmpty());
    EXPECT_EQ(why.because, "the place is closed then");
    ASSERT_EQ(why.others.size(), 2U);
    for (const auto& other : why.others) EXPECT_EQ(other.why, Obstacle::closed) << other.booking;
    const auto picture = scheduler::preview_svg({p}, test::schedule(toml), place);
    EXPECT_THAT(picture, HasSubstr(">closed<"));
    EXPECT_THAT(picture, Not(HasSubstr("Slate")));
    EXPECT_THAT(scheduler::write_plan(p), HasSubstr(R"("why":"closed")"));
}

TEST(OpenHours, PlanFromIsTheTailOfPlanDay) {
    const auto c = open_at({"08:00-20:00"});
    const auto toml = rotation("plays_per_hour = 2");
    const auto& place = c.countries.at("KH").places[0];
    const auto whole = test::plan(toml, c);
    for (const auto at : {3h, 8h, 14h, 22h}) {
        const auto rest = scheduler::plan_from(test::schedule(toml), c, place, whole.from + at, 0);
        std::vector<std::string> expected, ids;
        for (const auto& a : whole.airings)
            if (a.end > whole.from + at) expected.push_back(a.id);
        for (const auto& a : rest.airings) ids.push_back(a.id);
        EXPECT_EQ(ids, expected) << at.count();
    }
}

}  // namespace
}  // namespace riverlight
