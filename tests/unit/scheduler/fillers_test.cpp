#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/scheduler/fixture.hpp"

/// Fillers share the open time by weight and alternate.
namespace riverlight {
namespace {

using test::campaign;
using test::segment;
using ::testing::DoubleNear;

std::string filling(const std::string& id, const std::string& more) {
    return campaign(id, "id = \"" + id + "\"\nkind = \"filler\"\n" + more, "priority = 1");
}

/// The longest series of one segment.
int most_in_a_row(const scheduler::Plan& plan, const std::string& segment) {
    int most = 0, now = 0;
    for (const auto& a : plan.airings) {
        now = a.segment == segment ? now + 1 : 0;
        most = std::max(most, now);
    }
    return most;
}

double share_of(const scheduler::Plan& plan, const std::string& segment) {
    std::map<bool, std::chrono::duration<double>> time;
    for (const auto& a : plan.airings) time[a.segment == segment] += a.end - a.start;
    return time[true] / (time[true] + time[false]);
}

content::Catalogue three_of_20_s() {
    return test::catalogue({segment("a", 20), segment("b", 20), segment("c", 20)});
}

TEST(Fillers, ASegmentThatCouldNotAirCatchesUpAlternatingWithTheOthers) {
    auto c = three_of_20_s();
    for (auto& one : c.countries["KH"].clearances)
        if (one.segment == "a") one.embargo = *from_rfc3339("2026-11-22T23:00:00Z");  // 06:00
    const auto p = test::plan(filling("fill", "segments = [\"a\", \"b\", \"c\"]"), c);
    for (const auto* id : {"a", "b", "c"}) {
        EXPECT_EQ(most_in_a_row(p, id), 1) << id;
        EXPECT_THAT(share_of(p, id), DoubleNear(1.0 / 3, 0.01)) << id;
    }
}

TEST(Fillers, ASegmentThatCannotCatchUpAirsEveryOtherTime) {
    auto c = three_of_20_s();
    for (auto& one : c.countries["KH"].clearances)
        if (one.segment == "a") one.embargo = *from_rfc3339("2026-11-23T11:00:00Z");  // 18:00
    const auto p = test::plan(filling("fill", "segments = [\"a\", \"b\", \"c\"]"), c);
    for (const auto* id : {"a", "b", "c"}) EXPECT_EQ(most_in_a_row(p, id), 1) << id;
    EXPECT_THAT(share_of(p, "a"), DoubleNear(0.125, 0.01));
}

TEST(Fillers, ASegmentRepeatsAsOftenAsItsWeightAsksFor) {
    const auto p =
        test::plan(filling("fill", "segments = [\"a\", \"b\"]\nweights = [5, 1]"), three_of_20_s());
    EXPECT_EQ(most_in_a_row(p, "a"), 5);
    EXPECT_EQ(most_in_a_row(p, "b"), 1);
    EXPECT_THAT(share_of(p, "a"), DoubleNear(5.0 / 6, 0.01));
}

TEST(Fillers, ABookingThatCouldNotAirCatchesUpAlternatingWithTheOthers) {
    const auto p = test::plan("[dayparts]\nlate = {from = \"16:00\", until = \"24:00\"}\n" +
                                  filling("x", "segments = [\"a\"]\ndayparts = [\"late\"]") +
                                  filling("y", "segments = [\"b\", \"c\"]"),
                              three_of_20_s());
    for (const auto* id : {"a", "b", "c"}) EXPECT_EQ(most_in_a_row(p, id), 1) << id;
    EXPECT_THAT(share_of(p, "a"), DoubleNear(1.0 / 6, 0.01));
}

TEST(Fillers, AWholeFillerRepeatsRatherThanCuttingAnother) {
    const auto c = test::catalogue({segment("a", 20), segment("b", 45), segment("news", 60)});
    const auto p = test::plan(filling("fill", "segments = [\"a\", \"b\"]") + campaign("c", R"(id = "one"
kind = "fixed"
start = "hard"
at = 00:01:25
segments = ["news"])"),
                              c);
    EXPECT_THAT(test::lines(p, "fill")[2], "00:01:05 a");
    EXPECT_FALSE(test::of(p, "fill")[2].cut);
}

TEST(Fillers, AnOnlyFillerRepeats) {
    const auto p =
        test::plan(filling("fill", "segments = [\"a\"]") +
                       campaign("low", "id = \"low\"\nkind = \"filler\"\nsegments = [\"b\"]", "priority = 0"),
                   three_of_20_s());
    EXPECT_EQ(share_of(p, "a"), 1);
}

}  // namespace
}  // namespace riverlight
