// How airings are filed, listed and counted.
#include <gmock/gmock.h>

#include <map>
#include <numeric>

#include "tests/unit/tools/office_fixture.hpp"
#include "tests/unit/tools/office_sheets.hpp"
#include "tools/office/channel_follower.hpp"
#include "tools/office/figures/settle.hpp"
#include "tools/office/views.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST_F(OfficeTest, AnAiringIsFiledUnderTheBroadcastDayWhosePlanItBelongsTo) {
    const PlaceFacts late_riser{"KH", "Asia/Phnom_Penh", 13h};
    store_.airings.add(batch(1, 1).airings, late_riser);
    store_.airings.add(batch(2, 2).airings, {});  // its place was not known when it came
    store_.airings.file(place_, late_riser);
    const auto rows = store_.airings.list({}, std::nullopt, 10);
    ASSERT_EQ(rows.size(), 2U);
    for (const auto& row : rows)
        EXPECT_EQ(row.day, *date_from_iso("2026-11-23")) << "a minute past noon is before 13:00";
    EXPECT_EQ(store_.airings.reports(place_, *date_from_iso("2026-11-23")).size(), 2U);
}

TEST(Release, KnowsWhereAPlacesBroadcastDayBegins) {
    Release release;
    release.schedules["mekong"].day_start = 6h;
    content::Place place;
    EXPECT_EQ(release.day_start(place), 0min) << "a schedule that the release lacks";
    place.schedule = "mekong";
    EXPECT_EQ(release.day_start(place), 6h);
}

TEST_F(OfficeTest, AiringsAreFiledUnderThePlacesOwnDay) {
    join();
    EXPECT_EQ(held(send(1, 5)), 5);
    AiringFilter filter;
    filter.country = "KH";
    filter.from = filter.until = *date_from_iso("2026-11-24");
    EXPECT_EQ(store_.airings.count(filter, 100), 5);
    filter.from = filter.until = *date_from_iso("2026-11-23");
    EXPECT_EQ(store_.airings.count(filter, 100), 0);
    filter = {};
    filter.segment = "' OR 1=1 --";
    EXPECT_EQ(store_.airings.count(filter, 100), 0);
    const auto page = store_.airings.list({}, std::nullopt, 2);
    ASSERT_EQ(page.size(), 2U);
    EXPECT_EQ(page[0].record.seq, 5);
    const auto next = store_.airings.list({}, Cursor{to_rfc3339(time_of(page[1].record)), page[1].id}, 10);
    ASSERT_EQ(next.size(), 3U);
    EXPECT_EQ(next[0].record.seq, 3);
    EXPECT_THAT(store_.airings.values_of(AiringColumn::locale), ElementsAre("km"));
}

/// The day of a place in the west goes on while the next one has begun in the east.
TEST_F(OfficeTest, PagesAreInTheOrderOfTimeWhereDaysOverlap) {
    auto records = batch(1, 72).airings;
    std::map<std::string, std::vector<AiringRecord>> by_place;
    for (auto& r : records) {
        r.board = r.place = r.seq % 2 == 0 ? "east" : "west";
        r.planned_start = r.started = noon + r.seq * 1h;
        by_place[r.place].push_back(r);
    }
    store_.airings.add(by_place["east"], {"KH", "Pacific/Kiritimati"});
    store_.airings.add(by_place["west"], {"TH", "Pacific/Pago_Pago"});
    const auto walk = [&](const AiringFilter& filter, AiringOrder order) {
        std::vector<std::int64_t> seqs;
        std::optional<Cursor> after;
        do {
            const auto page = airings_from(store_, filter, after, 7, order);
            for (const auto& row : page.rows) seqs.push_back(row.record.seq);
            after = page.next;
        } while (after && seqs.size() < 1000);
        return seqs;
    };
    std::vector<std::int64_t> all(72);
    std::iota(all.begin(), all.end(), 1);
    const auto of_days = [](const char* from, const char* until) {
        AiringFilter filter;
        filter.from = date_from_iso(from);
        filter.until = date_from_iso(until);
        return filter;
    };
    AiringFilter segment;
    segment.segment = "fair-work";
    for (const auto& filter : {AiringFilter{}, segment, of_days("2026-11-20", "2026-11-30")}) {
        EXPECT_EQ(walk(filter, AiringOrder::oldest), all);
        EXPECT_THAT(walk(filter, AiringOrder::newest), testing::ElementsAreArray(all.rbegin(), all.rend()));
    }
    const auto day = of_days("2026-11-25", "2026-11-25");  // from 10:00Z of the 24th in the east, from 11:00Z
    std::vector<std::int64_t> of_day;
    for (const auto seq : all) {
        const auto hour = 5 + seq;  // from midnight of the 24th on
        if (seq % 2 == 0 ? hour >= 10 && hour < 34 : hour >= 35 && hour < 59) of_day.push_back(seq);
    }
    EXPECT_EQ(walk(day, AiringOrder::oldest), of_day);
    EXPECT_THAT(walk(day, AiringOrder::newest), testing::ElementsAreArray(of_day.rbegin(), of_day.rend()));
}

TEST_F(OfficeTest, APlaceLearntLaterIsFiledThen) {
    store_.airings.add(batch(1, 2).airings, {});
    AiringFilter filter;
    filter.country = "KH";
    EXPECT_EQ(store_.airings.count(filter, 10), 0);
    store_.airings.file("kh-pp-01", {"KH", "Asia/Phnom_Penh"});
    EXPECT_EQ(store_.airings.count(filter, 10), 2);
}

TEST_F(OfficeTest, TheBestOfSeveralRecordsCounts) {
    auto records = batch(1, 2).airings;
    records[0].status = content::AiringStatus::interrupted;
    records[1].airing = records[0].airing;
    store_.airings.add(records, {"KH", "Asia/Phnom_Penh"});
    const auto outcomes = store_.airings.reports("kh-pp-01", *date_from_iso("2026-11-24"));
    KeptPlan plan;
    plan.promises.push_back({records[0].airing, noon, noon + 15s, "", "", ""});
    const auto tally = compare(plan, outcomes, {}, noon + 1h).tally;
    EXPECT_EQ(tally.aired, 1);
    EXPECT_EQ(tally.missed, 0);
}

TEST_F(OfficeTest, RecordsAreTheOwnersAlone) {
    if (test::is_on_postgresql()) return;  // a server keeps its own files
    const auto mode = std::filesystem::status(folder_ / "office.db").permissions();
    EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
              std::filesystem::perms::none);
}

/// Airings stamped by a clock of 1970, and what its boot knew later.

class PlacedTest : public testing::Test {
  protected:
    static AiringRecord aired(std::int64_t seq, std::int64_t at_s) {
        AiringRecord r;
        r.board = r.place = "kh-pp-01";
        r.epoch = "e1";
        r.seq = seq;
        r.airing = "airing" + std::to_string(seq);
        r.segment = "fair-work";
        r.locale_aired = "km";
        r.status = content::AiringStatus::aired;
        r.planned_start = r.started = Instant{} + std::chrono::seconds(at_s);
        r.clock = content::ClockState::floor;
        r.boot_id = "boot-a";
        r.monotonic_start = MonotonicTime(std::chrono::seconds(at_s));
        r.planned_end = r.ended = *r.started + 10s;
        r.frames = 250;
        r.sha256 = std::string(64, 'a');
        r.hash = "h" + std::to_string(seq);
        return r;
    }
    static AiringRecord fix(std::int64_t seq) {
        auto r = content::record_of({"kh-pp-01", "boot-a", noon, MonotonicTime(1000s), 12ms}, "kh-pp-01");
        r.board = "kh-pp-01";
        r.epoch = "e1";
        r.seq = seq;
        r.hash = "h" + std::to_string(seq);
        return r;
    }
    std::map<std::string, AiringRow> listed() {
        std::map<std::string, AiringRow> out;
        for (auto& row : store_.airings.list({}, std::nullopt, 100)) out[record_id(row.record)] = row;
        return out;
    }
    const std::chrono::local_days day_ = *date_from_iso("2026-11-24"),
                                  day_of_1970_ = *date_from_iso("1970-01-01");
    const PlaceFacts facts_{"KH", "Asia/Phnom_Penh"};
    test::OfficeFolder folder_;
    OfficeStore store_{folder_.path()};
};

TEST_F(PlacedTest, case_55_airings_before_the_first_sync_are_filed_by_corrected_time) {
    store_.airings.add({aired(1, 100), aired(2, 200)}, facts_);
    EXPECT_FALSE(listed().at("airing1").placed);
    EXPECT_EQ(listed().at("airing1").day, day_of_1970_);
    store_.airings.add({fix(3), aired(4, 300)}, facts_);  // the last began before the fix and ended after it
    for (const auto& [airing, at_s] : {std::pair{"airing1", 100}, {"airing2", 200}, {"airing4", 300}}) {
        const auto row = listed().at(airing);
        ASSERT_TRUE(row.placed) << airing;
        EXPECT_EQ(row.started(), noon - 1000s + std::chrono::seconds(at_s));
        EXPECT_EQ(row.day, day_);
        EXPECT_EQ(row.record.started, Instant{} + std::chrono::seconds(at_s)) << "the original is kept";
    }
    AiringFilter that_day;
    that_day.from = that_day.until = day_;
    EXPECT_EQ(store_.airings.count(that_day, 100), 4);
    EXPECT_THAT(airings_csv({listed().at("airing1")}),
                testing::AllOf(HasSubstr("2026-11-24T04:45:00"), HasSubstr("1970-01-01T00:01:40")));
}

TEST_F(PlacedTest, case_55_far_from_its_plan_it_is_off_plan) {
    auto near = aired(2, 200);
    near.planned_start = noon - 1000s + 210s;
    store_.airings.add({aired(1, 100), near, fix(3)}, facts_);
    const auto outcomes = store_.airings.reports("kh-pp-01", day_);
    std::map<std::string, bool> off_plan;
    for (const auto& outcome : outcomes) off_plan[outcome.airing] = outcome.off_plan;
    EXPECT_TRUE(off_plan.at("airing1"));
    EXPECT_FALSE(off_plan.at("airing2"));
    EXPECT_TRUE(store_.airings.reports("kh-pp-01", day_of_1970_).empty());
}

TEST_F(PlacedTest, APageThatEndsWithACorrectedAiringIsFollowedByTheNextOne) {
    store_.airings.add({aired(1, 100), aired(2, 200), fix(3)}, facts_);
    std::vector<std::string> seen;
    std::optional<Cursor> after;
    for (int page = 0; page < 5; ++page) {
        const auto slice = airings_from(store_, {}, after, 1);
        for (const auto& row : slice.rows) seen.push_back(record_id(row.record));
        after = slice.next;
        if (!after) break;
    }
    EXPECT_THAT(seen, ElementsAre("unplanned-clock-boot-a", "airing2", "airing1"));
}

TEST_F(PlacedTest, case_55_another_boot_and_a_second_fix_move_nothing) {
    auto before = aired(1, 100);
    before.boot_id = "boot-before";
    auto second = fix(4);
    second.started = noon + 1h;
    store_.airings.add({before, aired(2, 200), fix(3), second}, facts_);
    EXPECT_FALSE(listed().at("airing1").placed);
    EXPECT_EQ(listed().at("airing2").started(), noon - 800s);
}

}  // namespace
}  // namespace riverlight::office
