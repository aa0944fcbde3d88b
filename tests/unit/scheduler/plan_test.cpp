#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "scheduler/plan/locale.hpp"
#include "scheduler/plan/plan_json.hpp"
#include "scheduler/plan/planner.hpp"
#include "tests/unit/scheduler/fixture.hpp"

namespace riverlight {
namespace {

using namespace std::chrono_literals;
using content::Rating;
using test::campaign;
using test::filler;
using test::of;
using test::segment;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string with_filler(const std::string& more) {
    return filler + more;
}

content::Catalogue everything() {
    return test::catalogue({segment("f15", 15), segment("f20", 20), segment("spot", 30), segment("other", 45),
                            segment("late", 30, {"km", "en"}, Rating::late), segment("night", 60)});
}

TEST(Plan, HardStartIsOnItsMillisecondAndOnlyFillerIsCut) {
    const auto p = test::plan(with_filler(campaign("c", R"(id = "news"
kind = "fixed"
start = "hard"
at = 12:00:07
segments = ["spot"])")),
                              everything());
    const auto news = of(p, "news");
    ASSERT_EQ(news.size(), 1U);
    EXPECT_EQ(test::at(news[0], p), "12:00:07");
    EXPECT_TRUE(news[0].hard);
    EXPECT_EQ(news[0].end - news[0].start, 30s);
    for (std::size_t i = 1; i < p.airings.size(); ++i) EXPECT_EQ(p.airings[i].start, p.airings[i - 1].end);
    EXPECT_TRUE(p.shortfalls.empty());
    EXPECT_EQ(p.airings.back().end, p.until);
}

TEST(Plan, SoftStartWaitsAndIsNeverCut) {
    const auto p = test::plan(with_filler(campaign("c", R"(id = "soft"
kind = "fixed"
at = 12:00:07
segments = ["spot", "other"])")),
                              everything());
    const auto soft = of(p, "soft");
    ASSERT_EQ(soft.size(), 2U);
    EXPECT_GE(test::at(soft[0], p), "12:00:07");
    EXPECT_LE(test::at(soft[0], p), "12:00:27");
    EXPECT_EQ(soft[1].start, soft[0].end);
}

TEST(Plan, OfTwoHardStartsTheLowerPriorityIsAShortfall) {
    const std::string one =
        "id = \"a\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 12:00:00\nsegments = [\"spot\"]";
    const std::string two =
        "id = \"b\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 12:00:10\nsegments = [\"other\"]";
    const auto p = test::plan(
        with_filler(campaign("low", one, "priority = 10") + campaign("high", two, "priority = 90")),
        everything());
    EXPECT_TRUE(of(p, "a").empty());
    EXPECT_EQ(of(p, "b").size(), 1U);
    ASSERT_EQ(p.shortfalls.size(), 1U);
    EXPECT_EQ(p.shortfalls[0].booking, "a");
    EXPECT_THAT(p.shortfalls[0].reason, HasSubstr("'b'"));
}

TEST(Plan, AHardStartInConflictIsMadeGoodIfItsRuleSaysSo) {
    const std::string one =
        "id = \"a\"\nkind = \"fixed\"\nstart = \"hard\"\nlate = \"make_good\"\nat = 12:00:00\nsegments = "
        "[\"spot\"]";
    const std::string two =
        "id = \"b\"\nkind = \"fixed\"\nstart = \"hard\"\nat = 12:00:10\nsegments = [\"other\"]";
    const auto p = test::plan(
        with_filler(campaign("low", one, "priority = 10") + campaign("high", two, "priority = 90")),
        everything());
    ASSERT_EQ(of(p, "a").size(), 1U);
    EXPECT_GE(test::at(of(p, "a")[0], p), "12:00:55");
    EXPECT_TRUE(p.shortfalls.empty());
}

TEST(Plan, RotationDeliversItsCountEvenly) {
    const auto p = test::plan(with_filler(campaign("c", R"(id = "r"
kind = "rotation"
plays_per_hour = 6
segments = ["spot", "other"])")),
                              everything());
    const auto plays = of(p, "r");
    ASSERT_EQ(plays.size(), 144U);
    std::map<long, int> hours;
    for (const auto& a : plays) ++hours[(a.start - p.from) / 1h];
    EXPECT_EQ(hours.size(), 24U);
    for (const auto& [hour, count] : hours) EXPECT_NEAR(count, 6, 1) << "hour " << hour;
    for (std::size_t i = 1; i < plays.size(); ++i)
        EXPECT_NE(plays[i].segment, plays[i - 1].segment) << "segments alternate";
}

TEST(Plan, ShareOfAirtimeIsKeptWithinOnePercent) {
    const auto p = test::plan(with_filler(campaign("c", R"(id = "r"
kind = "rotation"
share_percent = 25
segments = ["spot", "other"])")),
                              everything());
    std::chrono::microseconds on{};
    for (const auto& a : of(p, "r")) on += a.end - a.start;
    EXPECT_NEAR(double(on.count()) / double((p.until - p.from).count()), 0.25, 0.01);
}

// Sunday may end with a rated film, which must be four hours away from children's segments: until 02:00 on
// Monday none may air. The share still counts the whole day.
TEST(Plan, AShareIsOfTheWholeDayAlthoughSeparationsOverMidnightCloseAPart) {
    auto film = segment("film", 60, {"km", "en"}, Rating::guidance), tale = segment("tale", 10);
    tale.for_children = true;
    auto c = test::catalogue({segment("f15", 15), segment("f20", 20), film, tale});
    c.countries["KH"].hours.from_children = 4h;
    const auto p = test::plan(
        with_filler(
            campaign("c", "id = \"r\"\nkind = \"rotation\"\nshare_percent = 20\nsegments = [\"tale\"]") +
            campaign("d",
                     "id = \"night\"\nkind = \"fixed\"\nat = 22:00:00\nsegments = [\"film\"]\n"
                     "rrule = \"FREQ=WEEKLY;BYDAY=SU\"")),
        c);
    const auto plays = of(p, "r");
    EXPECT_GE(plays.at(0).start, p.from + 2h);
    EXPECT_NEAR(double(plays.size()) * 10 / (24 * 3600), 0.20, 0.01);
}

TEST(Plan, DaypartsThatCrossMidnightBelongToTheDayTheyStartOn) {
    // 2026-11-23 is a Monday: only Sunday's tail (to 02:00) and nothing of Monday's own.
    const auto p = test::plan("[dayparts.night]\ndays = [\"sun\"]\nfrom = 22:00:00\nuntil = 02:00:00\n" +
                                  with_filler(campaign("c", R"(id = "r"
kind = "rotation"
plays_per_hour = 4
dayparts = ["night"]
segments = ["spot"])")),
                              everything());
    const auto plays = of(p, "r");
    EXPECT_EQ(plays.size(), 8U);
    for (const auto& a : plays) EXPECT_LE(a.end, p.from + 2h);
}

TEST(Plan, LateRatingAirsOnlyInItsHours) {
    const auto p = test::plan(with_filler(campaign("c", R"(id = "r"
kind = "rotation"
plays_per_hour = 2
segments = ["late"])")),
                              everything());
    ASSERT_FALSE(of(p, "r").empty());
    for (const auto& a : of(p, "r")) {
        const auto time = test::at(a, p);
        EXPECT_TRUE(time >= "22:00:00" || time < "05:00:00") << time;
    }
    EXPECT_FALSE(p.shortfalls.empty()) << "plays outside the rating's hours";
}

TEST(Plan, SeparationHoldsBetweenBookingsAndAroundHardStarts) {
    const auto p = test::plan(with_filler(campaign("c", R"(id = "r"
kind = "rotation"
plays_per_hour = 4
separation_s = 600
segments = ["spot"])") + campaign("d", R"(id = "h"
kind = "fixed"
start = "hard"
at = 12:00:00
segments = ["spot"])")),
                              everything());
    std::vector<Instant> starts;
    for (const auto& a : p.airings) {
        if (a.segment == "spot") starts.push_back(a.start);
    }
    ASSERT_GT(starts.size(), 80U);
    for (std::size_t i = 1; i < starts.size(); ++i) EXPECT_GE(starts[i] - starts[i - 1], 600s);
}

TEST(Plan, TopicSeparationKeepsRelatedSegmentsApart) {
    const auto c = test::catalogue({segment("a", 20, {"km"}, Rating::general, {"scam"}),
                                    segment("b", 20, {"km"}, Rating::general, {"scam"}),
                                    segment("f15", 15, {"km"}), segment("f20", 20, {"km"})});
    const auto p = test::plan(with_filler(campaign("c", R"(id = "r"
kind = "rotation"
plays_per_hour = 6
topic_separation_s = 400
segments = ["a", "b"])")),
                              c);
    std::vector<Instant> starts;
    for (const auto& a : of(p, "r")) starts.push_back(a.start);
    ASSERT_GT(starts.size(), 100U);
    for (std::size_t i = 1; i < starts.size(); ++i) EXPECT_GE(starts[i] - starts[i - 1], 400s);
}

TEST(Plan, AnUnclearedSegmentDoesNotAirAndIsAShortfall) {
    auto c = everything();
    auto& clearances = c.countries["KH"].clearances;
    std::erase_if(clearances, [](const content::Clearance& one) { return one.segment == "spot"; });
    const auto p =
        test::plan(with_filler(campaign(
                       "c", "id = \"r\"\nkind = \"rotation\"\nplays_per_day = 9\nsegments = [\"spot\"]")),
                   c);
    EXPECT_TRUE(of(p, "r").empty());
    ASSERT_EQ(p.shortfalls.size(), 1U);
    EXPECT_THAT(p.shortfalls[0].reason, HasSubstr("cleared in KH"));
}

TEST(Plan, ClearanceEndsWithItsLastDay) {
    auto c = everything();
    for (auto& one : c.countries["KH"].clearances) one.until = test::date("2026-11-23");
    EXPECT_FALSE(test::plan(filler, c, "2026-11-23").airings.empty());
    EXPECT_TRUE(test::plan(filler, c, "2026-11-24").airings.empty());
}

TEST(Plan, LanguagesAlternateByTheirShares) {
    const auto p = test::plan(
        campaign("c", "id = \"r\"\nkind = \"rotation\"\nplays_per_day = 100\nsegments = [\"spot\"]"),
        everything());
    std::map<std::string, int> languages;
    for (const auto& a : of(p, "r")) {
        ++languages[a.locale];
        EXPECT_NEAR(languages["km"], 0.6 * (languages["km"] + languages["en"]), 1.0);
    }
    EXPECT_EQ(languages["km"], 60);
    EXPECT_EQ(languages["en"], 40);
}

TEST(Plan, LocaleFallsBackFromAskedToTheSegmentsOwn) {
    auto c = test::catalogue({segment("spot", 30, {"zh-Hans", "en"})});
    const auto& country = c.countries["KH"];
    auto place = country.places[0];
    const auto day = scheduler::bounds_of(test::date("2026-11-23"), place.zone);
    const auto& spot = c.segments.at("spot");
    EXPECT_EQ(scheduler::choose_locale(spot, country, place, "zh", day.from, day.until), "zh-Hans");
    EXPECT_EQ(scheduler::choose_locale(spot, country, place, "km", day.from, day.until), "en");
    place.languages = {{"km", 50}, {"zh", 50}};
    EXPECT_EQ(scheduler::choose_locale(spot, country, place, "km", day.from, day.until), "zh-Hans");
    c.countries["KH"].clearances[0].locales = {"en"};
    EXPECT_EQ(scheduler::choose_locale(spot, c.countries["KH"], place, "zh", day.from, day.until), "en");
    c.countries["KH"].clearances.clear();
    EXPECT_EQ(scheduler::choose_locale(spot, c.countries["KH"], place, "zh", day.from, day.until), "");
}

TEST(Plan, RecurrenceAndValidityAreLocalDates) {
    const auto toml = filler + campaign("c", R"(id = "h"
kind = "fixed"
at = 08:00:00
rrule = "FREQ=WEEKLY;BYDAY=MO,TH"
segments = ["spot"])",
                                        "from = 2026-11-20\nuntil = 2026-11-26");
    EXPECT_EQ(of(test::plan(toml, everything(), "2026-11-23"), "h").size(), 1U);
    EXPECT_EQ(of(test::plan(toml, everything(), "2026-11-24"), "h").size(), 0U);
    EXPECT_EQ(of(test::plan(toml, everything(), "2026-11-26"), "h").size(), 1U);
    EXPECT_EQ(of(test::plan(toml, everything(), "2026-11-30"), "h").size(), 0U);
}

TEST(Plan, AudienceByCountryProvinceLanguageAndTag) {
    auto c = everything();
    auto& place = c.countries["KH"].places[0];
    place.province = "KH-12";
    place.tags = {"river"};
    const auto airs = [&](const std::string& audience) {
        return !test::plan(campaign("c", "id = \"f\"\nkind = \"filler\"\nsegments = [\"spot\"]",
                                    "audience = {" + audience + "}"),
                           c)
                    .airings.empty();
    };
    EXPECT_TRUE(airs(""));
    EXPECT_TRUE(airs("countries = [\"KH\"]"));
    EXPECT_FALSE(airs("countries = [\"TH\"]"));
    EXPECT_TRUE(airs("provinces = [\"KH-12\"]"));
    EXPECT_FALSE(airs("provinces = [\"KH-1\"]"));
    EXPECT_TRUE(airs("tags = [\"river\", \"hill\"]"));
    EXPECT_FALSE(airs("tags = [\"hill\"]"));
    EXPECT_TRUE(airs("languages = [\"en\"]"));
    EXPECT_FALSE(airs("languages = [\"lo\"]"));
}

TEST(Plan, TimeThatNothingFillsIsAGap) {
    const auto p = test::plan(
        "[dayparts.day]\nfrom = 08:00:00\nuntil = 18:00:00\n" +
            campaign("c", "id = \"f\"\nkind = \"filler\"\ndayparts = [\"day\"]\nsegments = [\"spot\"]"),
        everything());
    ASSERT_EQ(p.gaps.size(), 2U);
    EXPECT_EQ(p.gaps[0].cause, scheduler::GapCause::nothing_booked);
    EXPECT_EQ(p.gaps[0].from, p.from);
    EXPECT_EQ(p.gaps[0].until, p.airings.front().start);
    EXPECT_TRUE(p.shortfalls.empty());
    EXPECT_EQ(p.airings.front().start, p.from + 8h);
}

TEST(Plan, IsReproducibleAndIdsAreUnique) {
    const auto toml = with_filler(campaign(
        "c", "id = \"r\"\nkind = \"rotation\"\nplays_per_hour = 7\nsegments = [\"spot\", \"other\"]"));
    const auto one = test::plan(toml, everything()), two = test::plan(toml, everything());
    EXPECT_EQ(write_plan(one), write_plan(two));
    std::set<std::string> ids;
    for (const auto& a : one.airings) EXPECT_TRUE(ids.insert(a.id).second) << a.id;
    const auto next = test::plan(toml, everything(), "2026-11-24");
    for (const auto& a : next.airings) EXPECT_TRUE(ids.insert(a.id).second) << "ids differ from day to day";
}

TEST(Plan, DaysOfClockChangesHaveNoGapAndNoOverlap) {
    for (const auto* zone : {"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Yangon"}) {
        auto c = test::catalogue({segment("f15", 15), segment("f20", 20)}, zone);
        auto end = Instant{};
        for (auto day = test::date("2026-03-25"); day < test::date("2026-04-10");
             day += std::chrono::days{1}) {
            const auto p =
                scheduler::plan_day(test::schedule(filler), c, c.countries["KH"].places[0], day, 0);
            if (end != Instant{}) {
                EXPECT_EQ(p.airings.front().start, end) << zone;
            }
            end = p.airings.back().end;
            EXPECT_TRUE(p.shortfalls.empty()) << zone;
        }
    }
}

}  // namespace
}  // namespace riverlight
