// What may stand in where a planned item cannot be shown, and when a place is quiet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scheduler/plan/alternatives.hpp"
#include "scheduler/plan/quiet.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Instant noon = *from_rfc3339("2026-11-23T05:00:00Z");  // in Phnom Penh, a Monday

class StandInTest : public testing::Test {
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

TEST_F(StandInTest, OnlyFillersAndNeverTheBrokenOne) {
    EXPECT_THAT(at(noon), ElementsAre("a km", "b en"));
}
TEST_F(StandInTest, TheHigherPriorityFirstInItsWindow) {
    EXPECT_THAT(at(noon - 2h), ElementsAre("top km", "a km", "b en"));
    EXPECT_THAT(at(noon - 1h - 10s), ElementsAre("a km", "b en")) << "its window ends in the midst";
}
TEST_F(StandInTest, RatingsAirInTheirHoursOnly) {
    EXPECT_THAT(at(noon + 11h), ElementsAre("a km", "b en", "late km"));
}
TEST_F(StandInTest, WhereChildrenAreKeptApartOnlyWhatIsForEverybody) {
    country().hours.from_children = 30min;
    EXPECT_THAT(at(noon + 11h), ElementsAre("a km", "b en"));
    catalogue_.segments.at("a").for_children = true;
    EXPECT_THAT(at(noon), ElementsAre("b en"));
}
TEST_F(StandInTest, TakesTurnsAndIsCounted) {
    EXPECT_THAT(at(noon, 2), ElementsAre("b en", "a km"));
    EXPECT_THAT(at(noon, 2, 1), ElementsAre("b en"));
}
TEST_F(StandInTest, WhatIsNotClearedDoesNotStandIn) {
    std::erase_if(country().clearances, [](const auto& c) { return c.segment == "a"; });
    EXPECT_THAT(at(noon), ElementsAre("b en"));
}
TEST_F(StandInTest, AndNothingOfACampaignForOthers) {
    schedule_.campaigns[0].audience.venues = {"clinic"};
    EXPECT_THAT(at(noon), IsEmpty());
}

class QuietHoursTest : public StandInTest {
  protected:
    std::vector<std::string> between(Instant from, Instant until) {
        std::vector<std::string> out;
        for (const auto& q : quiet_between(schedule_, country(), place(), from, until))
            out.push_back(local_text(q.when.from, place().zone).substr(5, 11) + " to " +
                          local_text(q.when.until, place().zone).substr(5, 11) +
                          (q.gain_db ? " " + std::to_string(static_cast<int>(*q.gain_db)) : " none"));
        return out;
    }
};

TEST_F(QuietHoursTest, AreTheDaypartsOfThePlacesSchedule) {
    country().places[0].quiet = {{"morning", {}}, {"unknown", {}}};
    EXPECT_THAT(between(noon - 2h, noon - 1h), ElementsAre("11-23 06:00 to 11-23 11:00 none"));
    EXPECT_THAT(between(noon - 1h, noon + 1h), IsEmpty());
    EXPECT_THAT(between(noon, noon - 2h), IsEmpty());
}
TEST_F(QuietHoursTest, GoByTheDaysOfTheirDaypart) {
    schedule_.dayparts["morning"].weekdays = 0x7e;  // not on Mondays
    country().places[0].quiet = {{"morning", -20.0}};
    EXPECT_THAT(between(noon - 3h, noon), IsEmpty());
    EXPECT_THAT(between(noon + 21h, noon + 22h), ElementsAre("11-24 06:00 to 11-24 11:00 -20"));
}
TEST_F(QuietHoursTest, ReachOverMidnightInTwoParts) {
    schedule_.dayparts["night"] = {"night", 0x7f, 22h, 5h, {}};
    country().places[0].quiet = {{"night", {}}};
    EXPECT_THAT(between(noon + 11h, noon + 13h),
                ElementsAre("11-23 22:00 to 11-24 00:00 none", "11-24 00:00 to 11-24 05:00 none"));
}

}  // namespace
}  // namespace riverlight::scheduler
