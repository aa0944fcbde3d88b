#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "content/base/json.hpp"
#include "scheduler/plan/explain.hpp"
#include "scheduler/plan/plan_json.hpp"
#include "scheduler/preview/ics.hpp"
#include "scheduler/preview/overbooked.hpp"
#include "scheduler/preview/svg.hpp"
#include "scheduler/preview/table.hpp"
#include "tests/unit/scheduler/fixture.hpp"

/// Gaps of a plan, and bookings that are called `slate` as gaps are in JSON.
namespace riverlight::scheduler {
namespace {

using namespace std::chrono_literals;
using test::campaign;
using test::segment;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Fillers from 08:00 to 18:00; at 12:00 a booking called `slate` loses its time to `other`.
const std::string toml =
    "[dayparts.day]\nfrom = 08:00:00\nuntil = 18:00:00\n" +
    campaign("fill", "id = \"fill\"\nkind = \"filler\"\ndayparts = [\"day\"]\nsegments = [\"spot\"]") +
    campaign("low",
             "id = \"slate\"\nkind = \"fixed\"\nstart = \"hard\"\nlate = \"skip\"\nat = 12:00:00\nsegments = "
             "[\"news\"]",
             "priority = 10") +
    campaign("high",
             "id = \"other\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 12:00:10\nsegments = [\"news\"]",
             "priority = 90");

content::Catalogue channel() {
    return test::catalogue({segment("spot", 30), segment("news", 60)});
}

TEST(Gap, ABookingCalledSlateIsNoGap) {
    const auto p = test::plan(toml, channel());
    ASSERT_EQ(p.shortfalls.size(), 1U);
    EXPECT_EQ(p.shortfalls[0].campaign, "low");
    EXPECT_EQ(p.shortfalls[0].booking, "slate");
    EXPECT_EQ(p.shortfalls[0].why, Obstacle::taken);
    ASSERT_EQ(p.gaps.size(), 2U);
    for (const auto& gap : p.gaps) EXPECT_EQ(gap.cause, GapCause::nothing_booked);
    EXPECT_EQ(p.gaps[0].until, p.from + 8h);
    EXPECT_EQ(p.gaps[1].from, p.from + 18h - 20s) << "no filler of 30 s fits there whole";
}

TEST(Gap, ABookingCalledSlateAirs) {
    const auto p =
        test::plan(campaign("c", "id = \"slate\"\nkind = \"filler\"\nsegments = [\"spot\"]"), channel());
    EXPECT_THAT(p.gaps, IsEmpty());
    EXPECT_EQ(test::of(p, "slate").size(), p.airings.size());
    EXPECT_THAT(preview_svg({p}, {}, channel().countries.at("KH").places[0]), Not(HasSubstr(">Slate<")));
}

TEST(Gap, InJsonHasNoCampaign) {
    const auto written = parse_json(write_plan(test::plan(toml, channel())), "plan");
    std::vector<std::string> entries;
    for (const auto& one : written.at("shortfalls").as_array())
        entries.push_back(std::string(one.at("campaign").as_string()) + '/' +
                          std::string(one.at("booking").as_string()) + ' ' +
                          std::string(one.at("why").as_string()));
    EXPECT_THAT(entries, ElementsAre("/slate nothing-booked", "low/slate taken", "/slate nothing-booked"));
}

TEST(Gap, IsWrittenAsPinned) {
    const auto noon = *from_rfc3339("2026-11-23T05:00:00Z");
    Plan p{"kh-1", test::date("2026-11-23"), "Asia/Phnom_Penh", noon, noon + 1h, {}, {}, {}};
    p.gaps = {{noon, noon + 1min, GapCause::closed}, {noon + 2min, noon + 3min, GapCause::nothing_booked}};
    p.shortfalls = {{"c", "slate", "spot", noon, 1, Obstacle::taken, "r", "other", noon}};
    EXPECT_EQ(
        write_plan(p),
        R"({"airings":[],"day":"2026-11-23","format":1,"from":"2026-11-23T05:00:00.000000Z","place":"kh-1",)"
        R"("shortfalls":[{"booking":"slate","campaign":"c","instead":"other","plays":1,"reason":"r",)"
        R"("segment":"spot","when":"2026-11-23T05:00:00.000000Z","why":"taken"},)"
        R"({"booking":"slate","campaign":"","plays":1,"reason":"the place is closed then","segment":"",)"
        R"("until":"2026-11-23T05:01:00.000000Z","when":"2026-11-23T05:00:00.000000Z","why":"closed"},)"
        R"({"booking":"slate","campaign":"","plays":1,)"
        R"("reason":"nothing booked may air then; the slate shows","segment":"",)"
        R"("until":"2026-11-23T05:03:00.000000Z","when":"2026-11-23T05:02:00.000000Z",)"
        R"("why":"nothing-booked"}],"until":"2026-11-23T06:00:00.000000Z","zone":"Asia/Phnom_Penh"})");
}

TEST(Gap, ComesAfterAShortfallOfTheSameTime) {
    const Instant noon{};
    Plan p;
    p.gaps = {{noon, noon + 1min, GapCause::closed}, {noon + 3min, noon + 4min, GapCause::closed}};
    p.shortfalls = {{"c", "b", "", noon, 1, {}, "", "", noon},
                    {"c", "b", "", noon + 2min, 1, {}, "", "", {}}};
    const auto losses = losses_by_time(p);
    ASSERT_EQ(losses.size(), 4U);
    EXPECT_EQ(losses[0], PlanLoss(&p.shortfalls[0]));
    EXPECT_EQ(losses[1], PlanLoss(&p.gaps[0]));
    EXPECT_EQ(losses[2], PlanLoss(&p.shortfalls[1]));
    EXPECT_EQ(losses[3], PlanLoss(&p.gaps[1]));
}

TEST(Gap, PreviewsTellItFromABookingCalledSlate) {
    const auto c = channel();
    const auto s = test::schedule(toml);
    const auto p = test::plan(toml, c);
    const auto table = preview_table({p});
    EXPECT_THAT(table, HasSubstr("\n  gives way: slate: 1 time from 12:00:00: booking 'other'"));
    EXPECT_THAT(table, HasSubstr("\n  slate: 2 times from 00:00:00: nothing booked"));
    std::vector<std::string> properties;
    std::istringstream ics(preview_ics({p}, s, c.countries.at("KH").places[0]));
    for (std::string line; std::getline(ics, line);) properties.push_back(line);
    EXPECT_THAT(properties, Contains("SUMMARY:Slate\r"));
    EXPECT_THAT(properties, Contains("SUMMARY:Gives way: low · slate\r"));
    std::vector<std::string> findings;
    for (const auto& f : check_plans(s, c, "s.toml", {test::date("2026-11-23"), 1, 1}))
        findings.push_back(f.text());
    EXPECT_THAT(findings, Contains(HasSubstr("booking slate: gives way in KH to other")));
    EXPECT_THAT(findings, Contains(HasSubstr("the slate shows for 840 min")));
}

TEST(Gap, IsExplained) {
    const auto c = channel();
    const auto& place = c.countries.at("KH").places[0];
    const auto from = test::plan(toml, c).from;
    const auto gap = explain_at(test::schedule(toml), c, place, from + 1h, 0);
    EXPECT_THAT(gap.on_air, IsEmpty());
    EXPECT_EQ(gap.because, describe(GapCause::nothing_booked));
    const auto noon = explain_at(test::schedule(toml), c, place, from + 12h + 15s, 0);
    ASSERT_EQ(noon.on_air.size(), 1U);
    EXPECT_EQ(noon.on_air[0].booking, "other");
    const auto slate = std::find_if(noon.others.begin(), noon.others.end(),
                                    [](const Candidate& one) { return one.booking == "slate"; });
    ASSERT_NE(slate, noon.others.end());
    EXPECT_EQ(slate->why, Obstacle::taken);
}

}  // namespace
}  // namespace riverlight::scheduler
