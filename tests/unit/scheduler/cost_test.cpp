#include "scheduler/campaign/cost.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scheduler/campaign/check.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight::scheduler {
namespace {

using testing::HasSubstr;

std::string rotations(int count, const std::string& more = "plays_per_hour = 12",
                      const std::string& dates = "") {
    std::string toml;
    for (int n = 0; n < count; ++n)
        toml += "[[campaign]]\nid = \"c" + std::to_string(n) + "\"\ntitle = \"C\"\n" + dates +
                "[[campaign.booking]]\nid = \"b" + std::to_string(n) +
                "\"\nkind = \"rotation\"\nsegments = [\"spot\"]\n" + more + '\n';
    return toml;
}

class CostTest : public testing::Test {
  protected:
    CostTest() { place_ = catalogue_.countries.at("KH").places[0]; }
    [[nodiscard]] PlanCost cost(const std::string& toml) const {
        const auto schedule = test::schedule(toml);
        auto found = cost_of(schedule, catalogue_, place_);
        found.campaign = nullptr;  // the schedule ends here
        found.booking = nullptr;
        return found;
    }
    content::Catalogue catalogue_ = test::catalogue({test::segment("spot", 30), test::segment("other", 5)});
    content::Place place_;
};

TEST_F(CostTest, GrowsWithEveryPlaySegmentAndBooking) {
    const auto base = cost(rotations(1)).tries;
    EXPECT_GT(base, 0);
    EXPECT_GT(cost(rotations(2)).tries, base);
    EXPECT_GT(cost(rotations(1, "plays_per_hour = 13")).tries, base);
    EXPECT_EQ(cost(rotations(1)).plays, 12 * 25) << "the longest day has 25 hours";
    const auto one =
        "[[campaign]]\nid = \"f\"\ntitle = \"F\"\n[[campaign.booking]]\nid = \"f\"\nkind = "
        "\"filler\"\nsegments = [";
    EXPECT_GT(cost(rotations(1) + one + "\"spot\"]\n").tries, base);
    EXPECT_GT(cost(rotations(1) + one + "\"spot\", \"other\"]\n").tries,
              cost(rotations(1) + one + "\"spot\"]\n").tries);
    const auto takeover =
        "[[campaign]]\nid = \"t\"\ntitle = \"T\"\n[[campaign.booking]]\nid = \"t\"\nkind = "
        "\"takeover\"\nsegments = [\"spot\"]\n";
    EXPECT_GT(cost(rotations(1) + takeover).tries, base * 5 / 4) << "the rest of the day is planned again";
}

TEST_F(CostTest, CampaignsOnOtherDatesCostNothingMore) {
    const auto june = rotations(3, "plays_per_hour = 12", "from = 2026-06-01\nuntil = 2026-06-30\n");
    const auto july = test::campaign(
        "july", "id = \"x\"\nkind = \"rotation\"\nsegments = [\"spot\"]\nplays_per_hour = 12\n");
    auto schedule = test::schedule(june + july);
    schedule.campaigns.back().from = test::date("2026-07-01");
    schedule.campaigns.back().until = test::date("2026-07-31");
    schedule.campaigns.back().audience = {};
    EXPECT_EQ(cost_of(schedule, catalogue_, place_).tries, cost(june).tries);
    schedule.campaigns.back().from = test::date("2026-06-30");
    EXPECT_GT(cost_of(schedule, catalogue_, place_).tries, cost(june).tries) << "one day together";
}

TEST_F(CostTest, CampaignsForOtherPlacesCostNothing) {
    EXPECT_EQ(cost(rotations(3, "plays_per_hour = 12", "audience = { countries = [\"TH\"] }\n")).tries, 0);
}

TEST_F(CostTest, SharesAndDaypartsAreCountedAsPlays) {
    EXPECT_EQ(cost(rotations(1, "share_percent = 50")).plays, 25 * 120 / 2 + 1);
    const auto part = "[dayparts.noon]\nfrom = \"12:00\"\nuntil = \"14:00\"\n";
    EXPECT_EQ(cost(part + rotations(1, "plays_per_hour = 12\ndayparts = [\"noon\"]")).plays, 24);
    EXPECT_EQ(cost(rotations(1, "plays_per_hour = 12\ndaily_cap = 10")).plays, 10);
}

TEST_F(CostTest, ThreeHundredRotationsAtTwelveAnHourAreRefusedByName) {
    auto schedule = test::schedule(rotations(299));
    EXPECT_GT(cost_of(schedule, catalogue_, place_).tries, most_tries);
    schedule.campaigns[17].bookings[0].plays_per_hour = 60;
    try {
        require_affordable(schedule, catalogue_, place_);
        FAIL() << "it costs too much";
    } catch (const CostError& e) {
        EXPECT_EQ(e.kind, CostFault::too_costly);
        EXPECT_EQ(e.where.key, "b17");
        EXPECT_THAT(e.what(), HasSubstr("campaign c17"));
        EXPECT_THAT(e.what(), HasSubstr("ask for fewer plays"));
    }
}

TEST_F(CostTest, OrdinarySchedulesAreFarBelowTheLimit) {
    EXPECT_LT(cost(rotations(1000, "plays_per_day = 3")).tries, most_tries / 10);
    EXPECT_NO_THROW(
        require_affordable(test::schedule(rotations(40, "plays_per_hour = 6")), catalogue_, place_));
}

TEST_F(CostTest, ACheckFindsIt) {
    auto schedule = test::schedule(rotations(299));
    schedule.name = place_.schedule;
    const auto found = check_schedule(schedule, catalogue_, "s.toml");
    const auto costly = std::find_if(found.begin(), found.end(), [](const Finding& f) { return f.error; });
    ASSERT_NE(costly, found.end());
    EXPECT_EQ(costly->line, schedule.campaigns[0].bookings[0].line);
    EXPECT_THAT(costly->message, HasSubstr("tries"));
}

}  // namespace
}  // namespace riverlight::scheduler
