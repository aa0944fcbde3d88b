// What the office makes of a record by its evidence: stored, counted in seconds, shown and exported. And the
// databases of offices from before, which hold records only.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>

#include "content/base/error.hpp"
#include "content/base/json.hpp"
#include "tests/support/office_folder.hpp"
#include "tests/unit/tools/office_sheets.hpp"
#include "tools/office/api.hpp"
#include "tools/office/comparer.hpp"
#include "tools/office/database.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/pages.hpp"
#include "tools/office/store.hpp"
#include "tools/office/verify.hpp"

namespace riverlight::office {
namespace {

using content::AiringStatus;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");  // in Phnom Penh
const auto day = *date_from_iso("2026-11-24");
const PlaceFacts facts{"KH", "Asia/Phnom_Penh"};

/// An airing of 30 seconds, `seq` minutes after noon, of which `shown` was shown and `claimed` is said.
AiringRecord record(std::int64_t seq, AiringStatus claimed, seconds shown) {
    AiringRecord r;
    r.board = r.place = "kh-pp-01";
    r.epoch = "e1";
    r.seq = seq;
    r.outlet = "feed";
    r.airing = "airing" + std::to_string(seq);
    r.campaign = "always";
    r.segment = "fair-work";
    r.locale_aired = "km";
    r.planned_start = r.started = noon + std::chrono::minutes(seq);
    r.planned_end = *r.planned_start + 30s;
    r.ended = *r.started + shown;
    r.clock = content::ClockState::synchronised;
    r.clock_error = 12ms;
    r.boot_id = "boot-a";
    r.monotonic_start = MonotonicTime{1h} + std::chrono::minutes(seq);
    r.monotonic_end = *r.monotonic_start + shown;
    r.status = claimed;
    r.frames = shown / 40ms;
    r.samples = shown / 1s * 48'000;
    r.sha256 = std::string(64, 'a');
    content::write_shown({30s, shown, 0s, shown == 30s}, r.evidence);
    r.hash = "h" + std::to_string(seq);
    return r;
}

class AssessedTest : public testing::Test {
  protected:
    AiringRow row_of(const AiringRecord& one) {
        store_.airings.add({one}, facts);
        for (auto& row : store_.airings.list({}, std::nullopt, 100))
            if (row.record.seq == one.seq) return row;
        ADD_FAILURE() << "it was not stored";
        return {};
    }
    std::map<std::int64_t, std::optional<milliseconds>> starts_off() {
        std::map<std::int64_t, std::optional<milliseconds>> out;
        for (const auto& row : store_.airings.list({}, std::nullopt, 100))
            out[row.record.seq] = row.start_off;
        return out;
    }
    Comparison compared(const std::vector<Promise>& planned) {
        return compare({"1-a", planned}, store_.airings.reports("kh-pp-01", day), {}, noon + 10h);
    }
    static Promise expected(std::int64_t seq) {
        const auto start = noon + std::chrono::minutes(seq);
        return {"airing" + std::to_string(seq), start, start + 30s, "always", "fair-work", "km"};
    }
    test::OfficeFolder folder_;
    OfficeStore store_{folder_.path()};
};

TEST_F(AssessedTest, IntakeStoresWhatTheEvidenceSupportsBesideWhatTheBoardClaims) {
    const auto whole = row_of(record(1, AiringStatus::aired, 30s));
    EXPECT_EQ(whole.assessed.status, AiringStatus::aired);
    EXPECT_EQ(whole.assessed.shown, 30s);
    EXPECT_EQ(whole.assessed.length, 30s);
    EXPECT_FALSE(whole.assessed.overclaims);
    const auto boast = row_of(record(2, AiringStatus::aired, 10s));
    EXPECT_EQ(boast.record.status, AiringStatus::aired) << "the record stays as it was signed";
    EXPECT_EQ(boast.assessed.status, AiringStatus::truncated);
    EXPECT_EQ(boast.assessed.shown, 10s);
    EXPECT_TRUE(boast.assessed.overclaims);
    AiringFilter filter;
    filter.status = "aired";
    EXPECT_EQ(store_.airings.count(filter, 10), 1);
    filter.status = "truncated";
    EXPECT_EQ(store_.airings.count(filter, 10), 1);
    filter = {};
    filter.overclaims = true;
    filter.board = "kh-pp-01";
    EXPECT_EQ(store_.airings.list(filter, std::nullopt, 10).at(0).record.seq, 2);
}

TEST_F(AssessedTest, ARecordThatClaimsMoreIsFlaggedOnThePageInCsvAndInJson) {
    auto boast = record(1, AiringStatus::aired, 30s);
    boast.evidence["output_1"] = "udp://239.1.1.1:5000: idle; datagrams_refused 0, datagrams_sent 0";
    const auto row = row_of(boast);
    EXPECT_EQ(row.assessed.status, AiringStatus::failed);
    const auto text = airings_csv({row});
    EXPECT_THAT(text, HasSubstr(",failed,aired,yes,\"the record says aired, 30.000 s shown; its evidence "
                                "supports failed, 0.000 s of 30.000 s shown\","));
    AiringsPage page;
    page.rows = {row};
    EXPECT_THAT(airings_page(page, {"pmo", "token"}).markup(), HasSubstr("the record says aired"));
    const auto json = airings_json({row, row_of(record(2, AiringStatus::aired, 30s))}, "");
    const auto& flagged = json.at("airings").at(0).at("assessed").at("overclaim");
    EXPECT_EQ(flagged.at("claims").at("status"), "aired");
    EXPECT_EQ(flagged.at("claims").at("shown_ms"), 30'000);
    EXPECT_EQ(flagged.at("supports").at("status"), "failed");
    EXPECT_EQ(flagged.at("supports").at("shown_ms"), 0);
    EXPECT_TRUE(json.at("airings").at(1).at("assessed").at("overclaim").is_null());
}

TEST_F(AssessedTest, PlannedAgainstAiredCountsSecondsShown) {
    store_.airings.add({record(1, AiringStatus::aired, 30s), record(2, AiringStatus::aired, 10s),
                        record(3, AiringStatus::interrupted, 5s)},
                       facts);
    const auto found = compared({expected(1), expected(2), expected(3), expected(4)});
    EXPECT_EQ(found.tally.aired, 1);
    EXPECT_EQ(found.tally.partly, 1) << "it says aired, and a third was shown";
    EXPECT_EQ(found.tally.missed, 1);
    EXPECT_EQ(found.tally.silent, 1);
    EXPECT_EQ(found.tally.due_time, 120s);
    EXPECT_EQ(found.tally.shown, 45s);
    EXPECT_EQ(percent_shown(found.tally), 37);
    EXPECT_EQ(found.reasons.at("a record says more than its evidence supports"), 1);
    EXPECT_EQ(compared({expected(1)}).tally.unplanned_time, 15s);
}

TEST_F(AssessedTest, RecordsOfOneAiringAddUpAndNeverOverItsLength) {
    auto first = record(1, AiringStatus::interrupted, 10s), second = record(2, AiringStatus::truncated, 12s);
    second.airing = first.airing;
    store_.airings.add({first, second}, facts);
    EXPECT_EQ(compared({expected(1)}).tally.shown, 22s);
    EXPECT_EQ(compared({expected(1)}).tally.partly, 1) << "the best of the two";
    auto elsewhere = record(3, AiringStatus::truncated, 15s), third = record(4, AiringStatus::truncated, 20s);
    elsewhere.airing = third.airing = first.airing;
    elsewhere.outlet = "screen";
    store_.airings.add({elsewhere}, facts);
    EXPECT_EQ(compared({expected(1)}).tally.shown, 22s) << "another outlet showed it at the same time";
    store_.airings.add({third}, facts);
    EXPECT_EQ(compared({expected(1)}).tally.shown, 30s);
    EXPECT_EQ(compared({expected(1)}).tally.due_time, 30s);
}

TEST(CompareProperty, SecondsAreTheSameHoweverTheyAreSplit) {
    EXPECT_TRUE(rc::check("into records, and into places", [] {
        KeptPlan all{"1-a", {}};
        std::vector<Reported> outcomes;
        milliseconds shown{};
        Tally of_places;
        const auto count = *rc::gen::inRange(1, 12);
        for (int i = 0; i < count; ++i) {
            const auto id = "id" + std::to_string(i);
            const auto length = milliseconds{*rc::gen::inRange(1, 90'000)};
            KeptPlan place{"1-a", {{id, noon + i * 2min, noon + i * 2min + length, "", "", ""}}};
            all.promises.push_back(place.promises[0]);
            const auto before = outcomes.size();
            auto left = milliseconds{*rc::gen::inRange<std::int64_t>(0, 90'000)};
            shown += std::min(left, length);
            while (left > 0ms) {
                const auto part = milliseconds{*rc::gen::inRange<std::int64_t>(1, left.count() + 1)};
                outcomes.push_back({id, AiringStatus::truncated, "", false, "b feed", part, false});
                left -= part;
            }
            of_places += compare(place, std::span(outcomes).subspan(before), {}, noon + 24h).tally;
        }
        const auto whole = compare(all, outcomes, {}, noon + 24h).tally;
        RC_ASSERT(whole.shown == shown);
        RC_ASSERT(of_places.shown == shown);
        RC_ASSERT(of_places.due_time == whole.due_time);
        RC_ASSERT(whole.shown <= whole.due_time);
        RC_ASSERT(whole.unplanned_time == 0ms);
    }));
}

TEST_F(AssessedTest, AClockThatIsSetOnAirChangesNoLength) {
    std::int64_t seq = 0;
    for (const auto step : {-40s, 3640s}) {
        auto stepped = record(++seq, AiringStatus::aired, 30s);
        *stepped.ended += step;
        const auto row = row_of(stepped);
        EXPECT_EQ(*row.ended() - *row.started(), 30s);
        EXPECT_THAT(airings_csv({row}), HasSubstr(",30000,30000,30000,synchronised,12,"));
        const auto json = airings_json({row}, "").at("airings").at(0);
        EXPECT_EQ(json.at("assessed").at("on_air_ms"), 30'000);
        EXPECT_EQ(json.at("start").at("ended").as_string(), to_rfc3339(*row.started() + 30s));
        EXPECT_EQ(json.at("record").at("ended").as_string(), to_rfc3339(*stepped.ended))
            << "as it was signed";
    }
}

TEST_F(AssessedTest, StartsAfterAStepSayHowFarTheyAreTrusted) {
    std::vector<AiringRecord> records;
    for (std::int64_t seq = 1; seq <= 4; ++seq) {
        records.push_back(record(seq, AiringStatus::aired, 30s));
        if (seq > 2) *records.back().started -= 40s;
    }
    for (const auto& one : records)
        store_.airings.add({one}, facts);  // one by one: each has a neighbour later
    const std::map<std::int64_t, std::optional<milliseconds>> both_sides{
        {1, {}}, {2, 40s}, {3, -40s}, {4, {}}};
    EXPECT_EQ(starts_off(), both_sides);
    const auto rows = store_.airings.list({}, std::nullopt, 100);
    const auto json = airings_json(rows, "").at("airings");
    EXPECT_EQ(json.at(1).at("start").at("off_ms"), -40'000);
    EXPECT_EQ(json.at(1).at("start").at("error_ms"), 12);
    EXPECT_EQ(json.at(1).at("start").at("clock"), "synchronised");
    EXPECT_TRUE(json.at(0).at("start").at("off_ms").is_null());
    EXPECT_THAT(airings_csv(rows), HasSubstr(",synchronised,12,-40000,"));
    AiringsPage page;
    page.rows = rows;
    EXPECT_THAT(airings_page(page, {"pmo", "token"}).markup(), HasSubstr("this start is 40.000 s earlier"));
}

TEST_F(AssessedTest, ANumberThatIsAbsentIsAnEmptyCell) {
    auto skipped = record(1, AiringStatus::skipped, 0s);
    skipped.started.reset();
    skipped.ended.reset();
    skipped.monotonic_start.reset();
    skipped.clock_error.reset();
    skipped.evidence.clear();
    EXPECT_THAT(airings_csv({row_of(skipped)}), HasSubstr(",30000,,,synchronised,,,,skipped,skipped,no,,"));
}

class MigrationTest : public testing::Test {
  protected:
    MigrationTest() {
        std::filesystem::copy_file(std::string(GOLDEN_DATA) + "/office.db", folder_ / "office.db");
    }
    test::Folder folder_;
};

TEST_F(MigrationTest, ADatabaseFromBeforeIsFilledIn) {
    for (int opened = 1; opened <= 2; ++opened) {
        OfficeStore store(folder_.path());
        std::map<std::int64_t, content::Assessment> found;
        for (const auto& row : store.airings.list({}, {}, 10)) found[row.record.seq] = row.assessed;
        ASSERT_EQ(found.size(), 4U);
        EXPECT_EQ(found[1].status, AiringStatus::truncated) << "34 frames of 4 s, called aired";
        EXPECT_TRUE(found[1].overclaims);
        EXPECT_EQ(found[1].shown, 1361ms);
        EXPECT_EQ(found[2].status, AiringStatus::aired);
        EXPECT_EQ(found[2].shown, 4s);
        AiringFilter filter;
        filter.overclaims = true;
        EXPECT_EQ(store.airings.count(filter, 10), 1);
        EXPECT_EQ(store.tree.size(), 4U);
    }
    EXPECT_EQ(verify_list(folder_.path()), std::nullopt) << "what was accepted before is in the list";
}

TEST_F(MigrationTest, StepsBetweenAiringsThatItHoldsAreFound) {
    {
        SQLite::Database raw(folder_ / "office.db", SQLite::OPEN_READWRITE);
        raw.exec(
            "UPDATE airing SET json=replace(json, '\"started\":\"2026-11-28T22:33:48', "
            "'\"started\":\"2026-11-28T23:33:48')");
    }
    OfficeStore store(folder_.path());
    std::map<std::int64_t, std::optional<milliseconds>> off;
    for (const auto& row : store.airings.list({}, {}, 10)) off[row.record.seq] = row.start_off;
    EXPECT_FALSE(off[2]);
    ASSERT_TRUE(off[3] && off[4]);
    EXPECT_LT(*off[3], -59min);
    EXPECT_GT(*off[4], 59min);
}

TEST_F(MigrationTest, ARowThatCannotBeReadSupportsNothingAndStopsNobody) {
    {
        SQLite::Database raw(folder_ / "office.db", SQLite::OPEN_READWRITE);
        raw.exec("UPDATE airing SET json='garbled' WHERE seq=2");
    }
    OfficeStore store(folder_.path());
    AiringFilter filter;
    filter.status = "aired";
    EXPECT_EQ(store.airings.count(filter, 10), 2);
    EXPECT_THAT(store.airings.doubts(), testing::ElementsAre(testing::Pair(Doubt::unreadable, 1)));
}

TEST_F(MigrationTest, SumsAndCountsAreThoseOfWhatItHolds) {
    OfficeStore store(folder_.path());
    const auto rows = store.airings.list({}, {}, 10);
    ASSERT_EQ(rows.size(), 4U);
    const auto held_day = rows.front().day;
    AiringFilter filter;
    filter.board = rows.front().record.board;
    filter.segment = rows.front().record.segment;
    EXPECT_EQ(store.airings.count(filter, 10), std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
                  return row.record.segment == filter.segment;
              }));
    const auto now = *from_rfc3339("2026-11-28T23:00:00Z");
    const auto sums = store.sums.places(held_day, "", now);
    ASSERT_EQ(sums.size(), 1U);
    const auto place = settle_place(store, sums[0].place, held_day, now);
    ASSERT_TRUE(place);
    EXPECT_EQ(sums[0].tally, compare(place->settled).tally);
    EXPECT_EQ(sums[0].reasons, compare(place->settled).reasons);
    EXPECT_NE(sums[0].tally, Tally{});
    EXPECT_EQ(static_cast<std::size_t>(sums[0].tally.planned() + sums[0].tally.waived),
              place->stored.plan.promises.size());
}

TEST_F(MigrationTest, APlanThatCannotBeReadEndsNothing) {
    {
        SQLite::Database raw(folder_ / "office.db", SQLite::OPEN_READWRITE);
        raw.exec("UPDATE plan SET json='garbled'");
    }
    OfficeStore store(folder_.path());
    const auto held_day = store.airings.list({}, {}, 1).at(0).day;
    EXPECT_FALSE(store.plans.find("kh-pp-01", held_day));
    EXPECT_EQ(store.plans.places_of(held_day).size(), 1U) << "its day is known";
    EXPECT_EQ(store.sums.places(held_day, "", {}).at(0).tally, Tally{});
}

TEST_F(MigrationTest, ADatabaseOfANewerOfficeIsRefused) {
    {
        SQLite::Database raw(folder_ / "office.db", SQLite::OPEN_READWRITE);
        raw.exec("PRAGMA user_version=" + std::to_string(database_format + 1));
    }
    EXPECT_THROW(OfficeStore(folder_.path()), Error);
}

}  // namespace
}  // namespace riverlight::office
