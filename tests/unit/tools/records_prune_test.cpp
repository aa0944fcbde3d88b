// Prunes: airings of long ago go; their sums, their hashes and the list of records stay.
#include "tools/office/records_prune.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <sstream>

#include "tests/unit/tools/kept_office.hpp"
#include "tools/office/access.hpp"
#include "tools/office/audits.hpp"
#include "tools/office/office.hpp"
#include "tools/office/proof_maker.hpp"
#include "tools/office/records_check.hpp"
#include "tools/office/verify.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PruneTest : public testing::Test {
  protected:
    PruneTest() {
        for (int day = 0; day < 3; ++day) office_.live(day);
    }
    PrunedRecords prune(int day, Instant now = later_) {
        return prune_records(folder_.path(), first_day + std::chrono::days{day}, now);
    }
    std::vector<Unsettled> obstacles(int day, Instant now = later_) {
        std::vector<Unsettled> out;
        for (const auto& obstacle : prune(day, now).obstacles) out.push_back(obstacle.why);
        return out;
    }
    [[nodiscard]] std::vector<TableContent> tables(const std::set<std::string>& names) const {
        auto out = content_in(folder_.path());
        std::erase_if(out, [&](const auto& one) { return !names.contains(one.table); });
        return out;
    }
    static inline const Instant later_ = KeptOffice::midnight(100);
    test::OfficeFolder folder_;
    KeptOffice office_{folder_.path()};
    const std::set<std::string> sums_{"day_sum", "country_sum", "day_reason", "place_day"};
    const std::set<std::string> list_{"tree_node", "tree_entry", "tree_head", "batch_signature"};
};

TEST_F(PruneTest, AiringsAndPlansOfThoseDaysGoAndSumsStay) {
    const auto sums = tables(sums_), list = tables(list_);
    const OfficeStore serves(folder_.path());
    EXPECT_EQ(prune(2).records, 6);
    EXPECT_EQ(tables(sums_), sums);
    EXPECT_EQ(tables(list_), list);
    EXPECT_EQ(serves.airings.count({}, 100), 3);
    EXPECT_EQ(serves.airings.list({}, std::nullopt, 100).size(), 3U);
    EXPECT_FALSE(serves.plans.find("kh-pp-01", first_day + std::chrono::days{1}));
    EXPECT_TRUE(serves.plans.find("kh-pp-01", first_day + std::chrono::days{2}));
    const Database db(RecordsAddress::in_folder(folder_.path()), OpenFor::reading);
    EXPECT_EQ(pruned_before(db), first_day + std::chrono::days{2});
    EXPECT_EQ(db.integer("SELECT records FROM pruned"), 6);
}

TEST_F(PruneTest, EveryCheckHoldsAfterwardsAndTheChainGoesOn) {
    prune(2);
    for (const auto& finding : check_records(folder_.path()).findings)
        ADD_FAILURE() << finding.where << ": " << finding.what;
    office_.live(3);
    for (const auto& finding : check_records(folder_.path()).findings)
        ADD_FAILURE() << finding.where << ": " << finding.what;
    EXPECT_EQ(prune(3).records, 3);
    EXPECT_THAT(check_records(folder_.path()).findings, IsEmpty());
}

/// A board keeps its records and asks whether the office still has them.
TEST_F(PruneTest, AnAuditOfAPrunedRecordIsAnsweredAsBefore) {
    const auto ask = [&] {
        const OfficeStore store(folder_.path());
        content::AuditRequest request;
        request.board = "kh-pp-01";
        request.epoch = "e1";
        request.seq = 2;
        request.hash = store.airings.hash_of("kh-pp-01", "e1", 2).value_or(std::string(64, '0'));
        request.seen = 5;
        const auto answer =
            audit_answer(store, office_.key(), "kh-pp-01", write_audit_request(request), later_);
        return std::pair{request.hash, answer.body};
    };
    const auto before = ask();
    prune(2);
    EXPECT_EQ(ask(), before);
}

TEST_F(PruneTest, WhatComesLaterOfAPrunedDayIsKeptAndChangesNoSum) {
    prune(2);
    const auto sums = tables(sums_);
    EXPECT_EQ(office_.send_late(0, 3).status, 200);
    EXPECT_EQ(tables(sums_), sums);
    EXPECT_EQ(OfficeStore(folder_.path()).airings.count({}, 100), 4);
    EXPECT_THAT(check_records(folder_.path()).findings, IsEmpty());
    EXPECT_EQ(prune(2).records, 1) << "the next one takes it";
    EXPECT_THAT(check_records(folder_.path()).findings, IsEmpty());
}

/// What is gone would look as if nothing had been heard.
TEST_F(PruneTest, PagesSayWhatIsGoneAndNoFileOrProofLooksAsIfNothingWasHeard) {
    prune(2);
    {
        OfficeStore store(folder_.path());
        Access::set_user(store, "pmo", "river and light");
    }
    boost::asio::io_context loop;
    OfficeSettings settings;
    settings.state_folder = folder_.path();
    Office office(loop, settings, [] { return later_; });
    http::Request sign_in;
    sign_in.method = "POST";
    sign_in.path = "/sign-in";
    sign_in.host = "office";
    sign_in.remote = "192.0.2.1";
    sign_in.headers["content-type"] = "application/x-www-form-urlencoded";
    sign_in.body = "user=pmo&password=river+and+light";
    std::string cookie;
    for (const auto& [name, value] : office.answer(sign_in).headers)
        if (name == "Set-Cookie" && cookie.empty()) cookie = value.substr(0, value.find(';'));
    const auto get = [&](const std::string& path, std::map<std::string, std::string> query) {
        http::Request request;
        request.method = "GET";
        request.path = path;
        request.host = "office";
        request.remote = "192.0.2.1";
        request.headers["cookie"] = cookie;
        request.query.assign(query.begin(), query.end());
        return office.answer(request);
    };
    for (const auto* path : {"/airings", "/planned"})
        EXPECT_NE(get(path, {}).body.find("id=\"pruned\""), std::string::npos) << path;
    EXPECT_EQ(get("/planned.csv", {{"from", "2026-09-21"}}).status, 400);
    EXPECT_EQ(get("/planned.csv", {{"from", "2026-09-22"}}).status, 200);
    std::ostringstream bundle;
    const auto day = [](int n) { return first_day + std::chrono::days{n}; };
    EXPECT_THROW(make_proof(folder_.path(), office_.key(), {day(1), day(2), "", {}, {}}, later_, bundle),
                 Error);
    EXPECT_EQ(make_proof(folder_.path(), office_.key(), {day(2), day(2), "", {}, {}}, later_, bundle).days,
              1U);
}

TEST_F(PruneTest, ATimeGapThatReachesIntoADayThatStaysIsKept) {
    folder_.change_records("INSERT INTO time_span SELECT id, 'kh-pp-01', 1, 0, " +
                           std::to_string(KeptOffice::midnight(5).time_since_epoch().count()) +
                           " FROM airing WHERE seq=1");
    EXPECT_EQ(prune(2).records, 5);
    EXPECT_EQ(OfficeStore(folder_.path()).airings.count({}, 100), 4);
}

TEST_F(PruneTest, DaysThatMayStillChangeAreRefusedByName) {
    EXPECT_THAT(obstacles(2, KeptOffice::midnight(50)), ElementsAre(Unsettled::too_young));
    EXPECT_THAT(obstacles(3), ElementsAre(Unsettled::board_behind)) << "its last record is of the day before";
    folder_.change_records("UPDATE airing SET country='' WHERE seq=1");
    EXPECT_THAT(obstacles(2), ElementsAre(Unsettled::not_filed));
    folder_.change_records(
        "UPDATE airing SET country='KH'; UPDATE place_day SET zone='' WHERE day='2026-09-20'");
    EXPECT_THAT(obstacles(2), ElementsAre(Unsettled::not_counted));
    folder_.change_records("UPDATE place_day SET zone='Asia/Phnom_Penh'; UPDATE board SET state='retired'");
    EXPECT_EQ(prune(3).records, 9) << "a retired board sends nothing";
}

TEST_F(PruneTest, RecordsThatAreNotWholeAreNotPruned) {
    folder_.change_records("DELETE FROM airing WHERE seq=5");
    EXPECT_THAT(obstacles(2), ElementsAre(Unsettled::not_intact, Unsettled::not_intact));
    EXPECT_EQ(OfficeStore(folder_.path()).airings.count({}, 100), 9) << "what the counts say";
}

TEST_F(PruneTest, TheSpaceIsGivenBack) {
    {
        Database db(RecordsAddress::in_folder(folder_.path()));
        Transaction all(db);
        const auto much = random_hex(100'000);  // a server compresses what it can
        db.run("UPDATE kept_plan SET packed=? WHERE day='2026-09-20'", {Bytes{much}});
        all.commit();
    }
    const auto size = [&] {
        const Database db(RecordsAddress::in_folder(folder_.path()), OpenFor::reading);
        return test::is_on_postgresql()
                   ? db.integer("SELECT pg_total_relation_size('kept_plan')").value_or(0)
                   : static_cast<std::int64_t>(std::filesystem::file_size(folder_ / "office.db"));
    };
    { const Database settle(RecordsAddress::in_folder(folder_.path())); }
    const auto before = size();
    prune(1);
    EXPECT_LT(size(), before);
}

TEST_F(PruneTest, AMonthWithoutAiringsHasNoTable) {
    if (!test::is_on_postgresql()) GTEST_SKIP() << "of PostgreSQL";
    for (int day = 9; day < 13; ++day) office_.live(day);
    const auto months = [&] {
        const Database db(RecordsAddress::in_folder(folder_.path()), OpenFor::reading);
        std::vector<std::string> out;
        auto q = db.query(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid=i.inhrelid WHERE "
            "i.inhparent='airing'::regclass ORDER BY 1");
        while (q.next()) out.push_back(q.text(0));
        return out;
    };
    EXPECT_THAT(months(), ElementsAre("airing_2026_09", "airing_2026_10"));
    prune(12);
    EXPECT_THAT(months(), ElementsAre("airing_2026_10"));
    office_.send_late(0, 3);
    EXPECT_THAT(months(), ElementsAre("airing_2026_09", "airing_2026_10"));
}

}  // namespace
}  // namespace riverlight::office
