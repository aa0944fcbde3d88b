#include "scheduler/plan/alternatives.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");  // in Phnom Penh, a Monday

class AlternativesTest : public testing::Test {
  protected:
    std::vector<std::string> at(Instant from, std::size_t turn = 0, std::size_t most = 9) {
        std::vector<std::string> ids;
        for (const auto& s : find_alternatives(schedule_, catalogue_, place(),
                                               {"km", "broken", {from, from + 30s}, turn, most}))
            ids.push_back(s.segment + ' ' + s.locale);
        return ids;
    }
    content::Country& country() { return catalogue_.countries.at("KH"); }
    const content::Place& place() { return country().places[0]; }
    content::Catalogue catalogue_ =
        test::catalogue({test::segment("a", 10), test::segment("b", 10, {"en"}), test::segment("broken", 10),
                         test::segment("late", 10, {"km"}, content::Rating::late), test::segment("top", 10)});
    Schedule schedule_ = test::schedule(
        "[dayparts.morning]\nfrom = 06:00:00\nuntil = 11:00:00\n" +
        test::campaign("c", "id = \"x\"\nkind = \"filler\"\nsegments = [\"a\", \"broken\", \"b\", \"late\"]",
                       "priority = 10") +
        test::campaign("t", "id = \"y\"\nkind = \"filler\"\ndayparts = [\"morning\"]\nsegments = [\"top\"]",
                       "priority = 20") +
        test::campaign("r", "id = \"z\"\nkind = \"rotation\"\nplays_per_hour = 1\nsegments = [\"top\"]"));
};

TEST_F(AlternativesTest, OnlyFillersAndNeverTheFailedSegment) {
    EXPECT_THAT(at(noon), ElementsAre("a km", "b en"));
}
TEST_F(AlternativesTest, HigherPriorityFirstWithinItsWindow) {
    EXPECT_THAT(at(noon - 2h), ElementsAre("top km", "a km", "b en"));
    EXPECT_THAT(at(noon - 1h - 10s), ElementsAre("a km", "b en")) << "its window ends before";
}
TEST_F(AlternativesTest, RatedSegmentsOnlyInTheirHours) {
    EXPECT_THAT(at(noon + 11h), ElementsAre("a km", "b en", "late km"));
}
TEST_F(AlternativesTest, NeitherRatedNorChildrensSegmentsWhereTheyAreKeptApart) {
    country().hours.from_children = 30min;
    EXPECT_THAT(at(noon + 11h), ElementsAre("a km", "b en"));
    catalogue_.segments.at("a").for_children = true;
    EXPECT_THAT(at(noon), ElementsAre("b en"));
}
TEST_F(AlternativesTest, StartsWithTheGivenOneAndIsLimited) {
    EXPECT_THAT(at(noon, 2), ElementsAre("b en", "a km"));
    EXPECT_THAT(at(noon, 2, 1), ElementsAre("b en"));
}
TEST_F(AlternativesTest, OnlyClearedSegments) {
    std::erase_if(country().clearances, [](const auto& c) { return c.segment == "a"; });
    EXPECT_THAT(at(noon), ElementsAre("b en"));
}
TEST_F(AlternativesTest, OnlyCampaignsForThePlace) {
    schedule_.campaigns[0].audience.venues = {"clinic"};
    EXPECT_THAT(at(noon), IsEmpty());
}

}  // namespace
}  // namespace riverlight::scheduler
