// What boards send and the office does not believe: it is kept, counted nowhere, and listed. And rows that
// nobody can read.
#include <gmock/gmock.h>

#include <chrono>

#include "tests/unit/tools/office_fixture.hpp"
#include "tests/unit/tools/office_sheets.hpp"
#include "tools/office/api.hpp"
#include "tools/office/figures/doubt.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/verify.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using content::AiringStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr auto place = "kh-pp-01";
const auto today = *date_from_iso("2026-11-24");

/// A record that nothing is wrong with: aired for ten seconds, `seq` minutes after noon.
AiringRecord good(std::int64_t seq) {
    AiringRecord r;
    r.board = r.place = place;
    r.epoch = "e1";
    r.seq = seq;
    r.outlet = "screen";
    r.airing = "airing" + std::to_string(seq);
    r.campaign = "always";
    r.segment = "fair-work";
    r.locale_aired = "km";
    r.sha256 = std::string(64, 'a');
    r.status = AiringStatus::aired;
    r.clock = content::ClockState::synchronised;
    r.clock_error = 12ms;
    r.boot_id = "boot-a";
    r.planned_start = r.started = noon + std::chrono::minutes(seq);
    r.planned_end = r.ended = *r.started + 10s;
    r.monotonic_start = MonotonicTime{1h} + std::chrono::minutes(seq);
    r.monotonic_end = *r.monotonic_start + 10s;
    r.frames = 250;
    r.samples = 480'000;
    r.hash = "h" + std::to_string(seq);
    return r;
}

class DoubtTest : public testing::Test {
  protected:
    /// Stores it as if it came an hour after it aired.
    std::optional<Doubt> doubt_of_stored(const AiringRecord& record) {
        const auto found = store_.airings.add({record}, facts_, noon + 1h);
        if (found.empty()) return std::nullopt;
        return found.begin()->first;
    }
    Tally counted(std::int64_t seq) {
        const auto start = noon + std::chrono::minutes(seq);
        const KeptPlan plan{
            "1-a", {{"airing" + std::to_string(seq), start, start + 10s, "always", "fair-work", "km"}}};
        return compare(plan, store_.airings.reports(place, today), {}, noon + 10h).tally;
    }
    const PlaceFacts facts_{"KH", "Asia/Phnom_Penh"};
    test::OfficeFolder folder_;
    OfficeStore store_{folder_.path()};
};

TEST(Doubt, case_62_EveryKindIsSeenInTheRecordAlone) {
    const auto doubt = [](const auto& change) {
        auto r = good(1);
        change(r);
        return doubt_of(r, r.started, noon + 1h);
    };
    EXPECT_EQ(doubt([](auto&) {}), std::nullopt);
    EXPECT_EQ(doubt([](auto& r) { r.planned_end = *r.planned_start - 1us; }), Doubt::ends_before_start);
    EXPECT_EQ(doubt([](auto& r) { r.monotonic_end = *r.monotonic_start - 1us; }), Doubt::ends_before_start);
    EXPECT_EQ(doubt([](auto& r) {
                  r.ended = *r.started - 1us;
                  r.monotonic_end.reset();
              }),
              Doubt::ends_before_start);
    EXPECT_EQ(doubt([](auto& r) { r.ended = *r.started - 40s; }), std::nullopt)
        << "the clock was set meanwhile: the monotonic one says how long it lasted";
    const auto started = [&](std::chrono::microseconds from_plan) {
        return doubt([&](auto& r) {
            r.started = *r.planned_start + from_plan;
            r.ended = *r.started + 10s;
        });
    };
    EXPECT_EQ(started(-std::chrono::days{400}), std::nullopt);
    EXPECT_EQ(started(-std::chrono::days{400} - 1us), Doubt::far_from_plan);
    EXPECT_EQ(started(std::chrono::days{401}), Doubt::far_from_plan);
    EXPECT_EQ(started(25h), Doubt::future) << "25 hours and a minute after noon; it came at 13:00";
    EXPECT_EQ(started(24h), std::nullopt);
    EXPECT_EQ(doubt([](auto& r) {
                  r.started.reset();
                  r.status = AiringStatus::skipped;
                  r.planned_end = noon + 26h;
              }),
              Doubt::future)
        << "planned for a time that is far ahead";
    EXPECT_EQ(doubt([](auto& r) { r.frames = 0; }), Doubt::no_evidence);
    EXPECT_EQ(doubt([](auto& r) { r.sha256.clear(); }), Doubt::no_evidence);
    EXPECT_EQ(doubt([](auto& r) { r.sha256 = "AA" + std::string(62, 'a'); }), Doubt::no_evidence);
    EXPECT_EQ(doubt([](auto& r) {
                  r.status = AiringStatus::substituted;
                  r.sha256.clear();
              }),
              Doubt::no_evidence);
    EXPECT_EQ(doubt([](auto& r) {
                  r.status = AiringStatus::skipped;
                  r.started.reset();
                  r.frames = 0;
                  r.sha256.clear();
              }),
              std::nullopt)
        << "what did not air needs no evidence";
}

TEST(Doubt, EveryKindHasANameThatReadsBackAndAnEndOfASentence) {
    for (const auto doubt : every_doubt) {
        EXPECT_EQ(parse_doubt(to_text(doubt)), doubt);
        EXPECT_FALSE(describe(doubt).empty());
    }
    EXPECT_EQ(parse_doubt(""), std::nullopt);
}

TEST_F(DoubtTest, case_62_WhatIsInDoubtIsKeptListedAndCountedNowhere) {
    auto bold = good(1);
    bold.frames = 0;
    EXPECT_EQ(doubt_of_stored(bold), Doubt::no_evidence);
    EXPECT_EQ(doubt_of_stored(good(2)), std::nullopt);
    EXPECT_EQ(counted(1).aired, 0);
    EXPECT_EQ(counted(1).silent, 1) << "nothing that can be believed was heard";
    EXPECT_EQ(counted(1).unplanned, 1) << "airing2";
    EXPECT_EQ(counted(2).aired, 1);
    EXPECT_THAT(store_.airings.doubts(), ElementsAre(Pair(Doubt::no_evidence, 1)));
    AiringFilter filter;
    filter.in_doubt = true;
    const auto rows = store_.airings.list(filter, {}, 10);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].record, bold) << "as it was signed";
    EXPECT_THAT(airings_csv(rows), HasSubstr("no-evidence"));
    EXPECT_EQ(airings_json(rows, "").at("airings").at(0).at("doubt"), "no-evidence");
    EXPECT_EQ(quarantine_json(store_.airings).at("doubts").at("no-evidence"), 1);
    QuarantinePage page;
    page.doubts = store_.airings.doubts();
    page.rows = rows;
    EXPECT_THAT(quarantine_page(page, {"pmo", "token"}).markup(), HasSubstr("names no frame or no file"));
}

TEST_F(DoubtTest, case_62_AiringsThatOverlapOnAnOutletCountOnce) {
    EXPECT_EQ(doubt_of_stored(good(1)), std::nullopt);
    auto beside = good(2);
    beside.monotonic_start = *good(1).monotonic_start + 4s;
    beside.monotonic_end = *beside.monotonic_start + 10s;
    EXPECT_EQ(doubt_of_stored(beside), Doubt::overlap) << "by the boot's monotonic clock";
    auto elsewhere = beside;
    elsewhere.seq = 3;
    elsewhere.outlet = "feed";
    EXPECT_EQ(doubt_of_stored(elsewhere), std::nullopt) << "another outlet";
    auto late = good(4);
    late.monotonic_start = *good(1).monotonic_start + 6s;
    EXPECT_EQ(doubt_of_stored(late), std::nullopt) << "events come late: 4 s are no overlap";
    auto before = good(5);
    before.monotonic_start = *good(1).monotonic_start - 4s;
    EXPECT_EQ(doubt_of_stored(before), Doubt::overlap) << "it came later and began before";
}

TEST_F(DoubtTest, case_62_OverlapsOfTwoBootsAreSeenByClocksThatWereSure) {
    EXPECT_EQ(doubt_of_stored(good(1)), std::nullopt);
    auto other = good(2);
    other.started = *good(1).started + 2s;
    other.boot_id = "boot-b";
    EXPECT_EQ(doubt_of_stored(other), Doubt::overlap);
    other.seq = 3;
    other.boot_id.clear();
    other.monotonic_start.reset();
    other.monotonic_end.reset();
    EXPECT_EQ(doubt_of_stored(other), Doubt::overlap) << "no boot is known";
    other.seq = 4;
    other.clock = content::ClockState::unsynchronised;
    EXPECT_EQ(doubt_of_stored(other), std::nullopt) << "that clock may have been wrong";
}

TEST_F(DoubtTest, case_62_MoreThanADayInADayIsNotCounted) {
    int believed = 0;
    for (std::int64_t seq = 1; seq <= 30; ++seq) {
        auto hour = good(seq);  // each of another boot, so that nothing overlaps
        hour.boot_id = "boot-" + std::to_string(seq);
        hour.clock = content::ClockState::unsynchronised;
        hour.samples = std::int64_t{3600} * 48'000;
        believed += !doubt_of_stored(hour);
    }
    EXPECT_EQ(believed, 24);
    EXPECT_THAT(store_.airings.doubts(), ElementsAre(Pair(Doubt::over_a_day, 6)));
    auto unset = good(31);
    unset.boot_id = "boot-31";
    unset.clock = content::ClockState::floor;
    EXPECT_EQ(doubt_of_stored(unset), std::nullopt) << "a clock that was never set says nothing of days";
}

TEST_F(DoubtTest, case_62_WhatIsInDoubtBesideOthersIsJudgedAgainWhenOneOfThemGoes) {
    for (std::int64_t seq = 1; seq <= 26; ++seq) {
        auto hour = good(seq);
        hour.boot_id = "boot-" + std::to_string(seq);
        hour.clock = content::ClockState::unsynchronised;
        hour.samples = std::int64_t{3600} * 48'000;
        EXPECT_EQ(doubt_of_stored(hour), seq <= 24 ? std::nullopt : std::optional(Doubt::over_a_day)) << seq;
    }
    auto fix = content::record_of(
        {place, "boot-7", noon - std::chrono::days{2}, *good(7).monotonic_start, 12ms}, place);
    fix.board = place;
    fix.epoch = "e1";
    fix.seq = 27;
    fix.hash = "h27";
    EXPECT_EQ(doubt_of_stored(fix), std::nullopt);
    EXPECT_THAT(store_.airings.doubts(), ElementsAre(Pair(Doubt::over_a_day, 1)))
        << "one went to another day, and leaves room for one";
    std::map<std::int64_t, std::optional<Doubt>> doubts;
    for (const auto& row : store_.airings.list({}, {}, 100)) doubts[row.record.seq] = row.doubt;
    EXPECT_EQ(doubts[25], std::nullopt) << "the first of those that waited";
    EXPECT_EQ(doubts[26], Doubt::over_a_day);
    EXPECT_EQ(store_.airings.reports(place, today).size(), 25U);
}

TEST_F(DoubtTest, CorrectedTimesAreJudgedAgain) {
    auto ahead = good(1);
    ahead.clock = content::ClockState::unsynchronised;
    ahead.planned_start = ahead.started = noon + std::chrono::days{9};
    ahead.planned_end = ahead.ended = *ahead.started + 10s;
    EXPECT_EQ(doubt_of_stored(ahead), Doubt::future);
    auto fix = content::record_of({place, "boot-a", noon, MonotonicTime{1h}, 12ms}, place);
    fix.board = place;
    fix.epoch = "e1";
    fix.seq = 2;
    fix.hash = "h2";
    EXPECT_EQ(doubt_of_stored(fix), std::nullopt);
    EXPECT_THAT(store_.airings.doubts(), IsEmpty());
    EXPECT_EQ(store_.airings.list({}, {}, 9).at(0).started(), noon + 1min);
    auto lie = fix;
    lie.seq = 3;
    lie.boot_id = "boot-b";
    lie.started = noon + std::chrono::days{30};
    EXPECT_EQ(doubt_of_stored(lie), Doubt::future);
    auto other = good(4);
    other.boot_id = "boot-b";
    other.clock = content::ClockState::unsynchronised;
    EXPECT_EQ(doubt_of_stored(other), std::nullopt);
    EXPECT_EQ(store_.airings.list({}, {}, 9).at(0).record.seq, 3);
    for (const auto& row : store_.airings.list({}, {}, 9))
        EXPECT_FALSE(row.record.seq == 4 && row.placed) << "no time fix that is in doubt moves anything";
}

TEST_F(OfficeTest, case_62_ABoardThatSendsRecordsInDoubtRaisesAnAlarmAndKeepsItsChain) {
    join();
    auto lie = batch(1, 3);
    lie.airings[1].frames = 0;
    lie.airings[1].hash = content::record_hash(lie.airings[1]);
    lie.airings[2].previous = lie.airings[1].hash;
    lie.airings[2].hash = lie.head = content::record_hash(lie.airings[2]);
    EXPECT_EQ(held(send(write_batch(lie, board_), "1-3")), 3);
    const auto alarms = store_.alarms.since(noon - 1h, 10);
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_THAT(alarms[0].text, HasSubstr("no frame"));
    EXPECT_THAT(verify_records(folder_.path()), IsEmpty());
}

TEST_F(OfficeTest, ABoardsRecordThatWasNotAcceptedIsOnThePageWithItsHash) {
    join();
    auto aside = batch(1, 1);
    aside.set_aside = {aside.airings.front().previous, aside.head, "a test"};
    aside.airings.clear();
    EXPECT_EQ(held(send(write_batch(aside, board_), "1-1")), 1);
    EXPECT_EQ(store_.airings.refused_count(), 1);
    const auto refused = store_.airings.refused(10);
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].hash, aside.head);
    EXPECT_EQ(refused[0].why, "a test");
    EXPECT_EQ(refused[0].at, noon);
}

/// Rows as a damaged disk or a hand leaves them.
TEST_F(OfficeTest, ARowThatCannotBeReadEndsNoPage) {
    join();
    EXPECT_EQ(held(send(1, 6)), 6);
    // PostgreSQL itself holds no text that is not UTF-8, and no day without a month.
    const bool holds_anything = !test::is_on_postgresql();
    for (const auto* sql :
         {"UPDATE airing SET json='{\"torn' WHERE seq=2",
          "UPDATE airing SET json=replace(json,'fair-work','fair\nwork') WHERE seq=3",
          holds_anything
              ? "UPDATE airing SET json=x'ff00fe', segment=x'ff0afe', locale=x'ff', reason=x'ff' WHERE seq=4"
              : "UPDATE airing SET json='', segment='\n', locale='\t', reason='\x7f' WHERE seq=4",
          holds_anything ? "UPDATE airing SET day='never' WHERE seq=5"
                         : "UPDATE airing SET day='2026-11-3x' WHERE seq=5",
          "UPDATE airing SET at='', doubt='nonsense', assessed='?' WHERE seq=5",
          "UPDATE board SET health='{', heard='yesterday'"})
        folder_.change_records(sql);
    const auto rows = store_.airings.list({}, {}, 10);
    ASSERT_EQ(rows.size(), 6U);
    std::map<std::int64_t, std::optional<Doubt>> doubts;
    for (const auto& row : rows) doubts[row.record.seq] = row.doubt;
    for (const auto seq : {2, 3, 4}) EXPECT_EQ(doubts[seq], Doubt::unreadable) << seq;
    for (const auto seq : {1, 5, 6}) EXPECT_EQ(doubts[seq], std::nullopt) << seq;
    AiringsPage page;
    page.rows = rows;
    EXPECT_THAT(airings_page(page, {"pmo", "token"}).markup(), HasSubstr("cannot be read"));
    EXPECT_THAT(airings_csv(rows), HasSubstr("unreadable"));
    const auto json = pretty_json(airings_json(rows, ""));
    EXPECT_NO_THROW(static_cast<void>(parse_json(json, "answer"))) << json;
    EXPECT_EQ(store_.airings.reports(place, today).size(), 5U) << "one has no day";
    EXPECT_NO_THROW(
        static_cast<void>(store_.airings.times_of({place, today, "KH", "", "UTC", noon, noon + 24h, {}})));
    for (const auto& value : store_.airings.values_of(AiringColumn::segment))
        EXPECT_EQ(value.find('\n'), std::string::npos);
    const auto boards = boards_json(store_, noon);
    EXPECT_TRUE(boards.at("boards").at(0).at("health").is_null());
    EXPECT_NO_THROW(static_cast<void>(parse_json(pretty_json(boards), "boards")));
    // Paging passes over all of them.
    std::optional<Cursor> after;
    std::size_t seen = 0;
    for (int round = 0; round < 10; ++round) {
        const auto slice = airings_from(store_, {}, after, 1);
        seen += slice.rows.size();
        after = slice.next;
        if (!after) break;
    }
    EXPECT_EQ(seen, 6U);
}

TEST_F(OfficeTest, AStrangersBatchIsRefusedBeforeItsRecordsAreRead) {
    join();
    auto json = write_batch(batch(1, 3), thief_);
    json.replace(json.find("\"aired\""), 7, "\"axred\"");  // read, it would be 400
    EXPECT_EQ(send(json, "1-3").status, 403);
    EXPECT_EQ(send("{\"format\":1,\"board\":\"kh-pp-01\"}", "1-3").status, 400);
    EXPECT_EQ(send(std::string(1000, '['), "1-3").status, 400);
}

}  // namespace
}  // namespace riverlight::office
