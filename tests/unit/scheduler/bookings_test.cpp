#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "scheduler/plan/planner.hpp"
#include "tests/unit/scheduler/fixture.hpp"
#include "tests/unit/scheduler/plan_rules.hpp"

/// Fixed bookings, blocks and takeovers, each rule by itself on a day that can be read.
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

content::Catalogue everything() {
    return test::catalogue({segment("f15", 15), segment("f20", 20), segment("spot", 30), segment("other", 60),
                            segment("long", 600), segment("pad", 10)});
}

void expect_no_violations(const std::string& toml, const content::Catalogue& c, const Plan& p) {
    EXPECT_THAT(test::find_violations(test::schedule(toml), c, p), ElementsAre());
}

std::string block(const std::string& more, const std::string& segments = R"(["spot", "other", "spot"])") {
    return filler +
           campaign("tv",
                    "id = \"half-hour\"\nkind = \"block\"\nat = 18:00:00\nuntil = 18:03:00\nsegments = " +
                        segments + "\n" + more);
}

TEST(Block, RunsInOrderAndItsOwnFillersPadItsEnd) {
    const auto toml = block("filler = [\"pad\"]");
    const auto p = test::plan(toml, everything());
    EXPECT_THAT(lines(p, "half-hour"),
                ElementsAre("18:00:00 spot", "18:00:30 other", "18:01:30 spot", "18:02:00 pad",
                            "18:02:10 pad", "18:02:20 pad", "18:02:30 pad", "18:02:40 pad", "18:02:50 pad"));
    EXPECT_TRUE(p.shortfalls.empty());
    expect_no_violations(toml, everything(), p);
}

TEST(Block, PaddingBetweenItsSegmentsIfAsked) {
    const auto p = test::plan(block("filler = [\"pad\"]\npadding = \"between\""), everything());
    EXPECT_THAT(lines(p, "half-hour"),
                ElementsAre("18:00:00 spot", "18:00:30 pad", "18:00:40 pad", "18:00:50 pad", "18:01:00 other",
                            "18:02:00 pad", "18:02:10 pad", "18:02:20 pad", "18:02:30 spot"));
}

TEST(Block, WithoutFillersOfItsOwnTheSchedulesFillItUpToItsEnd) {
    const auto p = test::plan(block(""), everything());
    const auto end = p.from + 18h + 3min;
    const auto over = std::find_if(p.airings.begin(), p.airings.end(),
                                   [&](const auto& a) { return a.start < end && a.end > end; });
    EXPECT_EQ(over, p.airings.end()) << "nothing runs over the window's end";
}

TEST(Block, AProgrammeThatIsTooLongIsDroppedFromItsEndOrCut) {
    const auto dropped = test::plan(block("", R"(["other", "other", "spot", "other"])"), everything());
    EXPECT_THAT(lines(dropped, "half-hour"),
                ElementsAre("18:00:00 other", "18:01:00 other", "18:02:00 spot"));
    ASSERT_EQ(dropped.shortfalls.size(), 1U);
    EXPECT_EQ(dropped.shortfalls[0].why, Obstacle::trimmed);
    EXPECT_EQ(dropped.shortfalls[0].segment, "other");
    const auto cut =
        test::plan(block("trimming = \"cut\"", R"(["other", "other", "spot", "other"])"), everything());
    const auto airings = of(cut, "half-hour");
    ASSERT_EQ(airings.size(), 4U);
    EXPECT_TRUE(airings[3].cut);
    EXPECT_EQ(airings[3].end, cut.from + 18h + 3min);
    EXPECT_TRUE(cut.shortfalls.empty());
}

TEST(Block, FlowsAroundAHigherHardStartAndDisplacesALowerOne) {
    const std::string hard =
        "id = \"h\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 18:00:40\nsegments = [\"spot\"]";
    const auto high = block("filler = [\"pad\"]") + campaign("high", hard, "priority = 90");
    const auto p = test::plan(high, everything());
    EXPECT_THAT(lines(p, "h"), ElementsAre("18:00:40 spot"));
    EXPECT_THAT(lines(p, "half-hour"), ElementsAre("18:00:00 spot", "18:00:30 pad", "18:01:10 other",
                                                   "18:02:10 spot", "18:02:40 pad", "18:02:50 pad"));
    expect_no_violations(high, everything(), p);
    const auto low = test::plan(block("") + campaign("low", hard, "priority = 5"), everything());
    EXPECT_TRUE(of(low, "h").empty());
    ASSERT_EQ(low.shortfalls.size(), 1U);
    EXPECT_EQ(low.shortfalls[0].why, Obstacle::taken);
    EXPECT_EQ(low.shortfalls[0].instead, "half-hour");
}

/// The rest of the day where the power was off from 17:50 to 18:00:50.
Plan after_power_cut(const std::string& toml) {
    const auto c = everything();
    const auto whole = test::plan(toml, c);
    std::vector<scheduler::Aired> aired;
    for (const auto& a : whole.airings) {
        if (a.end <= whole.from + 17h + 50min) aired.push_back({a.id, a.booking, a.segment, a.start, a.end});
    }
    return scheduler::plan_rest(test::schedule(toml), c, c.countries.at("KH").places[0], whole.day, 0, aired,
                                whole.from + 18h + 50s);
}

TEST(Block, RejoinsAsItsRuleSays) {
    EXPECT_THAT(lines(after_power_cut(block("filler = [\"pad\"]\nrejoin = \"resume\"")), "half-hour"),
                ElementsAre("18:00:50 spot", "18:01:20 other", "18:02:20 spot", "18:02:50 pad"));
    const auto joined = after_power_cut(block("filler = [\"pad\"]\nrejoin = \"in_progress\""));
    EXPECT_THAT(lines(joined, "half-hour"),
                ElementsAre("18:00:50 other", "18:01:30 spot", "18:02:00 pad", "18:02:10 pad", "18:02:20 pad",
                            "18:02:30 pad", "18:02:40 pad", "18:02:50 pad"));
    EXPECT_EQ(of(joined, "half-hour")[0].into, 20s);
    const auto left = after_power_cut(block("filler = [\"pad\"]\nrejoin = \"leave\""));
    EXPECT_TRUE(of(left, "half-hour").empty());
    EXPECT_EQ(std::count_if(left.shortfalls.begin(), left.shortfalls.end(),
                            [](const auto& s) { return s.why == Obstacle::missed; }),
              3);
}

TEST(Fixed, ARunWaitsAsAWholeForTheSeparationOfOnePart) {
    // The 7 s filler that is on at 12:00 puts the rotation off by 4 s. An hour later the run's second
    // segment, the same as the rotation's, has to wait, and the first with it.
    const auto c = test::catalogue({segment("f7", 7), segment("spot", 30), segment("long", 600)});
    const auto toml =
        "[dayparts.noon]\nfrom = 12:00:00\nuntil = 12:30:00\n" +
        campaign("fill", "id = \"fill\"\nkind = \"filler\"\nsegments = [\"f7\"]") +
        campaign("r",
                 "id = \"r\"\nkind = \"rotation\"\nplays_per_day = 1\npacing = \"early\"\ndayparts = "
                 "[\"noon\"]\nsegments = [\"long\"]") +
        campaign("run",
                 "id = \"run\"\nkind = \"fixed\"\nstart = \"soft\"\nat = 12:59:30\nseparation_s = 3600\n"
                 "segments = [\"spot\", \"long\"]");
    const auto p = test::plan(toml, c);
    EXPECT_THAT(lines(p, "r"), ElementsAre("12:00:04 long"));
    EXPECT_THAT(lines(p, "run"), ElementsAre("12:59:34 spot", "13:00:04 long"));
    expect_no_violations(toml, c, p);
}

TEST(Rest, AHardStartThatWasMissedFollowsItsLatenessRule) {
    const auto late = [](const std::string& rule) {
        return filler +
               campaign("c", "id = \"h\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 17:55:00\nlate = \"" +
                                 rule + "\"\nlate_limit_s = 600\nsegments = [\"long\"]");
    };
    const auto joined = after_power_cut(late("join"));
    ASSERT_EQ(of(joined, "h").size(), 1U);
    EXPECT_EQ(of(joined, "h")[0].into, 350s);
    EXPECT_EQ(test::at(of(joined, "h")[0], joined), "18:00:50");
    EXPECT_TRUE(of(after_power_cut(late("skip")), "h").empty());
    EXPECT_EQ(after_power_cut(late("skip")).shortfalls[0].why, Obstacle::missed);
    const auto good = after_power_cut(late("make_good"));
    ASSERT_EQ(of(good, "h").size(), 1U);
    EXPECT_EQ(of(good, "h")[0].into, 0s);
}

TEST(Rest, ARotationsMissedPlaysAreSpreadOverWhatIsLeft) {
    const auto toml =
        filler + campaign("c", "id = \"r\"\nkind = \"rotation\"\nplays_per_hour = 6\nsegments = [\"spot\"]");
    const auto c = everything();
    const auto whole = test::plan(toml, c);
    std::vector<scheduler::Aired> aired;
    for (const auto& a : whole.airings) {
        if (a.end <= whole.from + 10h) aired.push_back({a.id, a.booking, a.segment, a.start, a.end});
    }
    const auto now = whole.from + 14h;
    const auto rest = scheduler::plan_rest(test::schedule(toml), c, c.countries.at("KH").places[0], whole.day,
                                           0, aired, now);
    std::map<long, int> hours;
    for (const auto& a : of(rest, "r")) ++hours[(a.start - whole.from) / 1h];
    int plays = 0;
    for (const auto& [hour, count] : hours) {
        plays += count;
        EXPECT_NEAR(count, 8.4, 2.0) << "hour " << hour << ": 60 of its own and 24 missed in 10 hours";
    }
    EXPECT_EQ(plays, 84);
    EXPECT_TRUE(rest.shortfalls.empty());
}

TEST(Rest, APlayThatWasMadeGoodEarlyIsNotOnAgainInItsSlot) {
    const auto toml =
        filler + campaign("c", "id = \"r\"\nkind = \"rotation\"\nplays_per_hour = 6\nsegments = [\"spot\"]");
    const auto c = everything();
    const auto whole = test::plan(toml, c);
    const auto now = whole.from + 10h;
    std::vector<scheduler::Aired> aired;
    for (const auto& a : whole.airings)
        if (a.end <= now) aired.push_back({a.id, a.booking, a.segment, a.start, a.end});
    const auto plays = of(whole, "r");
    const auto early =
        std::find_if(plays.begin(), plays.end(), [&](const auto& a) { return a.start > now + 1h; });
    ASSERT_NE(early, plays.end());
    aired.push_back({early->id, early->booking, early->segment, now - 5min, now - 5min + 30s});
    const auto rest = scheduler::plan_rest(test::schedule(toml), c, c.countries.at("KH").places[0], whole.day,
                                           0, aired, now);
    const auto left = of(rest, "r");
    EXPECT_EQ(std::count_if(left.begin(), left.end(), [&](const auto& a) { return a.id == early->id; }), 0);
    EXPECT_EQ(left.size(), 14U * 6 - 1);
}

TEST(Takeover, HoldsItsExactTimeAndWhatItDisplacesIsMadeGood) {
    const auto toml =
        filler +
        campaign("news",
                 "id = \"h\"\nkind = \"fixed\"\nat = 14:10:00\nlate = \"make_good\"\nsegments = [\"spot\"]") +
        campaign("gone",
                 "id = \"g\"\nkind = \"fixed\"\nat = 14:10:00\nlate = \"skip\"\nsegments = [\"spot\"]") +
        campaign("alarm",
                 "id = \"now\"\nkind = \"takeover\"\nfrom = 2026-11-23T14:03:07+07:00\nuntil = "
                 "2026-11-23T14:30:00+07:00\nsegments = [\"other\"]");
    const auto c = everything();
    const auto p = test::plan(toml, c);
    const auto on = of(p, "now");
    ASSERT_EQ(on.size(), 27U);
    EXPECT_EQ(test::at(on.front(), p), "14:03:07");
    EXPECT_TRUE(on.front().hard);
    EXPECT_EQ(on.back().end, p.from + 14h + 30min);
    EXPECT_TRUE(on.back().cut);
    ASSERT_EQ(of(p, "h").size(), 1U);
    EXPECT_GE(test::at(of(p, "h")[0], p), "14:30:00");
    ASSERT_EQ(p.shortfalls.size(), 1U);
    EXPECT_EQ(p.shortfalls[0].booking, "g");
    EXPECT_EQ(p.shortfalls[0].why, Obstacle::takeover);
    EXPECT_EQ(p.shortfalls[0].instead, "now");
    expect_no_violations(toml, c, p);
    const auto without = test::plan(toml.substr(0, toml.find("\n[[campaign]]\nid = \"alarm\"")), c);
    for (std::size_t i = 0; p.airings[i].end < on.front().start; ++i)
        EXPECT_EQ(p.airings[i].id, without.airings[i].id) << "what was before it does not change";
}

TEST(Takeover, ToTheEndOfTheDayKeepsEarlierShortfalls) {
    const auto toml = filler +
                      campaign("late",
                               "id = \"too-long\"\nkind = \"fixed\"\nat = 23:55:00\nlate = "
                               "\"make_good\"\nsegments = [\"long\"]") +
                      campaign("alarm",
                               "id = \"now\"\nkind = \"takeover\"\nfrom = 2026-11-23T14:03:07+07:00\n"
                               "segments = [\"spot\"]");
    const auto p = test::plan(toml, everything());
    EXPECT_EQ(std::count_if(p.shortfalls.begin(), p.shortfalls.end(),
                            [](const auto& s) { return s.booking == "too-long"; }),
              1);
    expect_no_violations(toml, everything(), p);
}

TEST(Takeover, LeavesTimeInWhichItMayShowNothingToThePlan) {
    auto c = everything();
    c.segments.at("other").rating = content::Rating::late;  // 22:00–05:00
    const auto toml = filler +
                      campaign("day",
                               "id = \"r\"\nkind = \"rotation\"\nplays_per_hour = 6\nsegments = "
                               "[\"long\"]") +
                      campaign("alarm",
                               "id = \"now\"\nkind = \"takeover\"\nfrom = 2026-11-23T20:34:15+07:00\n"
                               "until = 2026-11-23T22:10:00+07:00\nsegments = [\"other\"]");
    const auto p = test::plan(toml, c);
    const auto on = of(p, "now");
    ASSERT_FALSE(on.empty());
    EXPECT_EQ(test::at(on.front(), p), "22:00:00");
    EXPECT_EQ(on.back().end, p.from + 22h + 10min);
    const auto shortfall = std::find_if(p.shortfalls.begin(), p.shortfalls.end(),
                                        [](const auto& s) { return s.booking == "now"; });
    ASSERT_NE(shortfall, p.shortfalls.end());
    EXPECT_EQ(shortfall->why, Obstacle::rating);
    EXPECT_EQ(shortfall->when, p.from + 20h + 34min + 15s);
    EXPECT_EQ(shortfall->until, p.from + 22h);
    for (const auto& a : of(p, "r")) EXPECT_TRUE(!a.cut || a.end == on.front().start) << test::at(a, p);
    expect_no_violations(toml, c, p);
}

TEST(Takeover, WithoutAnEndItHoldsTheWholeDay) {
    const auto p = test::plan(
        filler + campaign("alarm", "id = \"now\"\nkind = \"takeover\"\nsegments = [\"spot\"]"), everything());
    EXPECT_EQ(of(p, "now").size(), p.airings.size());
    EXPECT_EQ(p.airings.size(), 2880U);
}

}  // namespace
}  // namespace riverlight
