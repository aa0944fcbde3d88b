#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scheduler/plan/planner.hpp"
#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/scheduler/plan_rules.hpp"

/// Days on which random schedules once violated a rule, reduced to what it takes.
namespace riverlight {
namespace {

using namespace std::chrono_literals;
using content::Rating;
using test::campaign;
using test::segment;
using ::testing::IsEmpty;

const content::Place& place(const content::Catalogue& c) {
    return c.countries.at("KH").places[0];
}

/// A run was assumed to move as far as its second segment can, further than its first can: the airing before
/// it came within the hour of it.
TEST(Regression, RunIsPutOffOnlyAsFarAsEachOfItsParts) {
    const auto c = test::catalogue({segment("s2", 10, {"km"}, Rating::late, {"a"}),
                                    segment("s3", 10, {"km"}, Rating::guidance, {"a", "b"}),
                                    segment("s4", 10, {"km"}, Rating::late)});
    const auto s =
        test::schedule("day_start = \"06:00\"\n[dayparts]\nnight = {from = \"00:00\", until = \"06:00\"}\n" +
                       campaign("c0", R"(id = "run"
kind = "fixed"
start = "soft"
at = 00:00:00
late = "make_good"
segments = ["s3", "s4"])") +
                       campaign("c1", R"(id = "turns"
kind = "rotation"
plays_per_hour = 1
daily_cap = 5
dayparts = ["night"]
separation_s = 3600
topic_separation_s = 120
segments = ["s3", "s4"])") +
                       campaign("c3", R"(id = "block"
kind = "block"
at = 00:00:00
until = 00:00:01
trimming = "cut"
segments = ["s4"])") + campaign("c4", R"(id = "fill"
kind = "filler"
segments = ["s2", "s3"])"));
    const auto plan = scheduler::plan_day(s, c, place(c), test::date("2026-03-30"), 0);
    ASSERT_EQ(test::of(plan, "run").size(), 2U);
    EXPECT_THAT(test::find_violations(s, c, plan), IsEmpty());
}

/// Fillers before a run that was put off kept their distance from its old time: one came within five minutes
/// of the run's second segment.
TEST(Regression, FillersBeforeARunKeepTheirDistanceFromWhereItIsPutOffTo) {
    auto s1 = segment("s1", 0, {"en"}, Rating::general, {"a", "b"}),
         s2 = segment("s2", 0, {"en"}, Rating::general, {"a"}),
         s3 = segment("s3", 0, {"en"}, Rating::guidance);
    s1.duration = 10080ms;
    s1.for_children = true;
    s2.duration = 469640ms;
    s3.duration = 294400ms;
    auto c = test::catalogue({segment("s0", 10, {"en"}, Rating::late, {"a"}), s1, s2, s3}, "Asia/Bangkok");
    auto& country = c.countries.at("KH");
    country.hours.from_children = 30min;
    for (auto& one : country.clearances)
        if (one.segment != "s1") one.expiry = *from_rfc3339("2026-03-29T14:00:07Z");
    const auto s = test::schedule("day_start = \"06:00\"\n" +
                                  campaign("c0", R"(id = "b0"
kind = "rotation"
share_percent = 5
separation_s = 3600
segments = ["s0", "s1", "s3"])",
                                           "expiry = 2026-03-29T11:11:11Z") +
                                  campaign("c3", R"(id = "b3"
kind = "rotation"
plays_per_day = 33
topic_separation_s = 120
segments = ["s1", "s2", "s3"])") + campaign("c5", R"(id = "b5"
kind = "fixed"
at = 08:18:50
start = "soft"
late = "make_good"
separation_s = 300
segments = ["s1", "s2"])") + campaign("c6", R"(id = "b6"
kind = "filler"
separation_s = 300
segments = ["s2"])"));
    const auto rest = scheduler::plan_rest(s, c, place(c), test::date("2026-03-29"), 0, {},
                                           *from_rfc3339("2026-03-29T04:53:00Z"));
    ASSERT_EQ(test::of(rest, "b5").size(), 2U);
    EXPECT_THAT(test::find_distance_violations(s, c, rest.airings), IsEmpty());
}

/// While some plays were unplaced an hour could be below its quota. In the end all were placed, and the hour
/// had nine plays of eleven.
TEST(Regression, NoHourIsBelowItsQuotaWhenAllPlaysArePlaced) {
    auto s0 = segment("s0", 0, {"en"}), s2 = segment("s2", 0, {"en"}), s4 = segment("s4", 0, {"en"});
    s0.duration = 240320ms;
    s2.duration = 294280ms;
    s4.duration = 591520ms;
    s0.for_children = s4.for_children = true;
    const auto s3 = segment("s3", 10, {"en"}, Rating::guidance);
    auto c = test::catalogue({s0, s2, s3, s4}, "Asia/Yangon");
    auto& country = c.countries.at("KH");
    country.hours.from_children = 30min;
    for (auto& one : country.clearances)
        if (one.segment == "s3") one.expiry = *from_rfc3339("2026-03-29T14:00:07Z");
    const auto s =
        test::schedule("[dayparts]\npart = {days = [\"wed\"], from = \"00:00\", until = \"00:00\"}\n" +
                       campaign("c1", R"(id = "b1"
kind = "rotation"
plays_per_day = 1
dayparts = ["part"]
separation_s = 3600
segments = ["s4"])") + campaign("c2", R"(id = "b2"
kind = "rotation"
plays_per_hour = 11
separation_s = 300
segments = ["s0", "s2", "s3", "s4"])"));
    const auto plan = scheduler::plan_day(s, c, place(c), test::date("2026-03-30"), 0);
    EXPECT_THAT(test::find_violations(s, c, plan), IsEmpty());
}

}  // namespace
}  // namespace riverlight
