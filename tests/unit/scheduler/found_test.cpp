#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/scheduler/promises.hpp"

/// Days on which random schedules once broke a promise, with what it took and no more.
namespace riverlight {
namespace {

using content::Rating;
using test::campaign;
using test::segment;
using ::testing::IsEmpty;

const content::Place& place(const content::Catalogue& c) {
    return c.countries.at("KH").places[0];
}

/// What lies before a run trusted its second segment to give way further than its first can, and came within
/// the hour of it.
TEST(FoundDay, ARunIsPutOffAsFarAsAllOfItsPartsStandIt) {
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
    EXPECT_THAT(test::broken_promises(s, c, plan), IsEmpty());
}

}  // namespace
}  // namespace riverlight
