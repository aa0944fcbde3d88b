// What the office counts, writes and shows, without anything kept: spreadsheets, planned against
// aired, pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/airing/health.hpp"
#include "content/base/error.hpp"
#include "tools/office/channel_follower.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/page_parts.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/views.hpp"
#include "tools/traffic/csv.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");  // in Phnom Penh

TEST(Csv, case_72_RunsNoFormulas) {
    EXPECT_EQ(traffic::csv_row({"a", "b c", "d,e", "say \"no\"", "two\nlines"}),
              "a,b c,\"d,e\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
    for (const std::string cell : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "|cmd", "%x"}) {
        const auto row = traffic::csv_row({cell});
        EXPECT_THAT(row, testing::AnyOf(testing::StartsWith("'"), testing::StartsWith("\"'"))) << cell;
    }
    EXPECT_EQ(traffic::csv_row({"2026-11-24", "kh-pp-01", "x=1"}), "2026-11-24,kh-pp-01,x=1\r\n");
}

TEST(Pages, TimesAreWrittenForPeople) {
    EXPECT_EQ(time_text(0ms), "0.0 s");
    EXPECT_EQ(time_text(59'990ms), "59.9 s");
    EXPECT_EQ(time_text(245s), "4 min 05 s");
    EXPECT_EQ(time_text(26h + 4min + 5s), "26 h 04 min 05 s");
}

KeptPlan four() {
    KeptPlan plan{"1-a", {}};
    for (int i = 0; i < 4; ++i)
        plan.promises.push_back(
            {"id" + std::to_string(i), noon + i * 60s, noon + (i + 1) * 60s, "always", "fair-work", "km"});
    return plan;
}

TEST(Compare, case_67_CountsEveryPlannedAiringOnce) {
    const std::vector<Reported> outcomes{
        {"id0", content::AiringStatus::interrupted, "the power went", false},
        {"id0", content::AiringStatus::aired, "", false},
        {"id1", content::AiringStatus::failed, "file is broken", false},
        {"id2", content::AiringStatus::skipped, "", true},
        {"other", content::AiringStatus::aired, "", false},
    };
    const auto c = compare(four(), outcomes, noon - 1h, noon + 190s);
    EXPECT_EQ(c.tally.aired, 1);
    EXPECT_EQ(c.tally.missed, 1);
    EXPECT_EQ(c.tally.silent, 1);
    EXPECT_EQ(c.tally.upcoming, 1) << "it is on air now";
    EXPECT_EQ(c.tally.planned(), 4);
    EXPECT_EQ(c.tally.due(), 3);
    EXPECT_EQ(c.tally.unplanned, 1);
    EXPECT_EQ(c.reasons.at("file is broken"), 1);
    EXPECT_EQ(percent_aired(c.tally), 33);
}

TEST(Compare, AiringsPlannedBeforeTheBoardEnrolledDoNotCount) {
    EXPECT_EQ(compare(four(), {}, noon + 100s, noon + 1h).tally.planned(), 2);
    const std::vector<content::TimeGap> gaps{{"b", noon - 1h, noon + 100s, {}, {}, {}}};
    const auto unknown = compare(four(), {}, noon - 1h, noon + 1h, {gaps, {}});
    EXPECT_EQ(unknown.tally.silent, 4);
    EXPECT_EQ(unknown.reasons.at("the board's clock was set ahead: nothing is known of that time"), 2);
    EXPECT_EQ(unknown.reasons.at("no board has reported it"), 2);
    EXPECT_EQ(compare(four(), std::vector<Reported>{{"id0", content::AiringStatus::aired, "", false}},
                      noon + 100s, noon + 1h)
                  .tally.aired,
              1)
        << "what it says it aired counts";
}

TEST(Compare, AiringsInARunOfFailuresAreMissedUnlessTheyHaveARecord) {
    const std::vector<Reported> outcomes{{"id0", content::AiringStatus::failed, "file is broken", false},
                                         {"id2", content::AiringStatus::aired, "", false}};
    const ReportedTimes times{{}, {{noon, noon + 180s, 3}}};
    const auto c = compare(four(), outcomes, noon - 1h, noon + 1h, times);
    EXPECT_EQ(c.tally.missed, 2);
    EXPECT_EQ(c.tally.aired, 1);
    EXPECT_EQ(c.tally.silent, 1) << "the fourth began after it";
    EXPECT_EQ(c.tally.due_time, 240s);
    EXPECT_EQ(c.reasons.at("nothing could be played"), 1);
}

TEST(Compare, HundredPercentMeansAllOfIt) {
    Tally t;
    t.aired = 999;
    t.missed = 1;
    EXPECT_EQ(percent_aired(t), 99);
    EXPECT_EQ(percent_aired(Tally{}), std::nullopt);
}

TEST(Compare, AReleaseInTheMiddleOfADayKeepsTheMorning) {
    auto fresh = four();
    fresh.release = "2-b";
    for (auto& a : fresh.promises) a.id += "-new";
    const auto both = planned_again(four(), fresh, noon + 120s);
    std::vector<std::string> standing, owed;
    for (const auto& p : both.promises)
        if (!p.waived) standing.push_back(p.id);
    const auto day = settle(both, {}, noon - 1h, noon + 1h);
    for (const auto& one : day.promises)
        if (one.outcome != Outcome::waived) owed.push_back(one.promise->id);
    EXPECT_THAT(standing, ElementsAre("id0", "id0-new", "id1", "id1-new", "id2-new", "id3-new"));
    EXPECT_THAT(owed, ElementsAre("id0", "id1", "id2-new", "id3-new"))
        << "what a release plans for a time that is over counts only if it airs";
    EXPECT_EQ(both.release, "2-b");
    EXPECT_EQ(compare(day).tally.waived, 4);
}

TEST(Compare, AStoredPlanReadsBackUnchanged) {
    const auto again = read_kept_plan(write_kept_plan(four()));
    EXPECT_EQ(write_kept_plan(again), write_kept_plan(four()));
    EXPECT_EQ(again.promises[1].start, noon + 60s);
    EXPECT_THROW(static_cast<void>(read_kept_plan("{}")), Error);
}

TEST(Pages, case_71_TextFromOutsideIsNeverMarkup) {
    BoardsPage page;
    page.now = noon;
    BoardSummary b;
    b.row.board = "kh-pp-01";
    b.row.public_key = std::string(64, 'a');
    b.row.state = BoardState::active;
    b.row.heard = noon;
    b.alarms = {"<script>alert(1)</script>"};
    b.outlets = {{"screen\"><img src=x>", "<b>", "km", "c"}};
    page.boards = {b};
    page.alarms = {{noon, "kh-pp-01", "<i>"}};
    page.channel_fault = "timestamp.json: is <torn>";
    const auto html = boards_page(page, {"pmo", "token"}).markup();
    EXPECT_THAT(html, HasSubstr("timestamp.json: is &lt;torn&gt;"));
    EXPECT_THAT(html, HasSubstr("riverlight channel verify")) << "what to do";
    EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(html, Not(HasSubstr("<img")));
    EXPECT_THAT(html, Not(HasSubstr("<i>")));
    EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)"));
}

TEST(Pages, ABoardsSystemIsShownWithWhatBecameOfItsUpdate) {
    content::HealthReport report;
    report.system = content::SystemReport{
        "0.2.0", "B", content::UpdateState::ready, content::UpdateWait::hold, "0.3.0", {}};
    report.system->last = {"0.2.5", content::UpdateFault::did_not_play, noon};
    BoardRow row;
    row.board = "kh-pp-01";
    row.state = BoardState::active;
    row.version = "0.1.0";
    BoardsPage page;
    page.boards = {summarise_board(row, nullptr, noon)};
    EXPECT_THAT(boards_page(page, {"pmo", "token"}).markup(), HasSubstr("0.1.0")) << "the program's";
    row.health = content::write_health(report);
    page.boards = {summarise_board(row, nullptr, noon)};
    EXPECT_EQ(page.boards.front().system, report.system);
    const auto markup = boards_page(page, {"pmo", "token"}).markup();
    for (const auto* part : {"0.2.0", "slot B", "its wave is on hold", "Version 0.2.5 did not play"})
        EXPECT_THAT(markup, HasSubstr(part));
}

std::size_t count_of(const std::string& text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
    return count;
}

TEST(Pages, OnlyPeopleWhoSignedInSeeNavigation) {
    const auto markup = sign_in_page("", true).markup();
    EXPECT_EQ(count_of(markup, "<nav"), 0U);
    EXPECT_EQ(count_of(markup, "role=\"alert\""), 0U);
    EXPECT_EQ(count_of(sign_in_page("Wrong.", true).markup(), "role=\"alert\""), 1U);
    EXPECT_EQ(count_of(message_page("Title", "Text", Session{"pmo", "token"}).markup(), "<nav"), 1U);
}

TEST(Pages, EveryFormOfASessionCarriesItsToken) {
    BoardsPage page;
    BoardSummary pending, active;
    pending.row.board = "one";
    pending.row.public_key = active.row.public_key = std::string(64, 'a');
    active.row.board = "two";
    active.row.state = BoardState::active;
    page.boards = {pending, active};
    const auto markup = boards_page(page, {"pmo", "token"}).markup();
    EXPECT_EQ(count_of(markup, "<form"), 5U) << "sign out, approve, decline, claim code, retire";
    EXPECT_EQ(count_of(markup, "name=\"form_token\" value=\"token\""), 5U);
    EXPECT_THAT(markup, HasSubstr("action=\"/boards/one/approve\""));
}

TEST(Pages, AFilterIsKeptInEveryLink) {
    AiringsPage page;
    page.filter.campaign = "a&b";
    page.filter.from = date_from_iso("2026-11-24");
    page.next = Cursor{"2026-11-24T05:00:00.000000Z", 17};
    const auto markup = airings_page(page, {"pmo", "token"}).markup();
    EXPECT_THAT(markup, HasSubstr("/airings.csv?from=2026-11-24&amp;campaign=a%26b"));
    EXPECT_THAT(
        markup,
        HasSubstr(
            "/airings?from=2026-11-24&amp;campaign=a%26b&amp;after=2026-11-24T05%3A00%3A00.000000Z.17"));
    EXPECT_THAT(markup, HasSubstr("<option value=\"a&amp;b\" selected>")) << "though no airing has it";
}

TEST(Pages, ABarShowsEachPartOfATally) {
    Tally t;
    t.aired = 3;
    t.silent = 1;
    const auto markup = tally_bar(t).markup();
    EXPECT_EQ(count_of(markup, "<rect"), 2U);
    EXPECT_THAT(markup, HasSubstr("width=\"750.000000\" height=\"10\" class=\"aired\""));
    EXPECT_EQ(count_of(tally_bar({}).markup(), "<rect"), 0U);
}

}  // namespace
}  // namespace riverlight::office
