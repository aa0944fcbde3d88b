// Attacks on the office's records: other boards' batches, stolen keys, SQL in every field.
#include <gmock/gmock.h>

#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/audits.hpp"
#include "tools/office/verify.hpp"

namespace riverlight::office {
namespace {

TEST_F(OfficeTest, case_60_ABatchOfOneBoardSentAsAnotherIsRefused) {
    join();
    const auto code = new_claim_code();
    store_.boards.add_claim_code(claim_code_hash(code), {"kh-pp-02", "kh-pp-02", noon + 24h, ""});
    ASSERT_EQ(intake_.enrol(enrolment(code, thief_, "kh-pp-02"), noon).status, 201);
    store_.boards.set_state("kh-pp-02", BoardState::active);
    for (const auto* signer : {&board_, &thief_}) {
        auto r = request(write_batch(batch(1, 2), *signer));
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        EXPECT_EQ(intake_.airings(r, "kh-pp-02", "e1", "1-2", noon).status, 400);
    }
    EXPECT_EQ(store_.airings.count({}, 100), 0);
    EXPECT_EQ(held(send(1, 2)), 2) << "the board itself may send it";
}

TEST_F(OfficeTest, case_61_WhatABoardWithAStolenKeyHadReceiptedStands) {
    join();
    EXPECT_EQ(held(send(1, 2)), 2);
    store_.boards.set_state("kh-pp-01", BoardState::retired);
    EXPECT_EQ(send(1, 4).status, 403);
    EXPECT_EQ(store_.airings.count({}, 100), 2);
    EXPECT_EQ(store_.airings.held("kh-pp-01", "e1").seq, 2);
}

TEST_F(OfficeTest, case_63_VerificationFindsARowThatWasEditedAtTheOffice) {
    join();
    EXPECT_EQ(held(send(1, 6)), 6);
    EXPECT_THAT(verify_records(folder_.path()), testing::IsEmpty());
    const std::pair<std::string, std::int64_t> changes[] = {
        {"DELETE FROM airing WHERE seq=6; UPDATE airing SET seq=9 WHERE seq=5", 5},
        {"UPDATE airing SET json=replace(json,'fair-work','fair-wark') WHERE seq=4", 4},
        {"UPDATE airing SET status='failed' WHERE seq=3", 3},
        {"UPDATE airing SET hash='0' WHERE seq=2", 2},
        {"DELETE FROM airing WHERE seq=1", 1},
    };
    // Each change lies before the one of the last round, and is the first fault.
    for (const auto& [sql, seq] : changes) {
        folder_.change_records(sql);
        EXPECT_THAT(verify_records(folder_.path()), testing::ElementsAre(ChainFault{"kh-pp-01", "e1", seq}))
            << sql;
    }
}

TEST_F(OfficeTest, VerificationFindsARecordThatWasRemovedOrAddedAtTheEnd) {
    join();
    EXPECT_EQ(held(send(1, 6)), 6);
    store_.tree.keep_head(signed_head(store_, office_, noon));
    const auto change = [&](const char* sql) { folder_.change_records(sql); };
    EXPECT_EQ(verify_list(folder_.path()), std::nullopt);
    change("DELETE FROM airing WHERE seq=6");
    EXPECT_THAT(verify_records(folder_.path()), testing::IsEmpty()) << "no chain shows it";
    EXPECT_EQ(verify_list(folder_.path()), 5U);
    change("DELETE FROM tree_entry WHERE seq=6; DELETE FROM tree_node WHERE level=0 AND idx=5");
    change("DELETE FROM tree_node WHERE level=1 AND idx=2");
    EXPECT_EQ(verify_list(folder_.path()), 6U) << "the head that was kept has it";
    change("DELETE FROM tree_head");
    EXPECT_EQ(verify_list(folder_.path()), std::nullopt) << "boards and the channel have heads of their own";
    change("INSERT INTO carried_over SELECT 'la-vt-01', epoch, seq, hash FROM airing WHERE seq=1");
    EXPECT_EQ(verify_list(folder_.path()), 5U);
}

TEST_F(OfficeTest, VerificationFindsAHashOfTheTreeThatWasChanged) {
    join();
    EXPECT_EQ(held(send(1, 6)), 6);
    folder_.change_records(
        "UPDATE tree_node SET hash=(SELECT hash FROM tree_node WHERE level=0 AND idx=0) WHERE level=1 AND "
        "idx=1");
    EXPECT_EQ(verify_list(folder_.path()), 3U);
    folder_.change_records("UPDATE tree_node SET hash=substr(hash, 1, 3) WHERE level=1 AND idx=0");
    EXPECT_EQ(verify_list(folder_.path()), 1U);
}

TEST_F(OfficeTest, case_67_TheCountsOfADayEqualARecountFromItsRecords) {
    join();
    EXPECT_EQ(held(send(1, 40)), 40);
    const auto day = *date_from_iso("2026-11-24");
    AiringFilter filter;
    filter.from = filter.until = day;
    std::map<content::AiringStatus, int> recount, counted;
    for (const auto& row : store_.airings.list(filter, {}, 100)) {
        EXPECT_EQ(content::record_hash(row.record), row.record.hash) << "as the board signed it";
        ++recount[*row.record.status];
    }
    for (const auto& outcome : store_.airings.reports("kh-pp-01", day)) ++counted[outcome.status];
    EXPECT_EQ(counted, recount);
    EXPECT_EQ(recount[content::AiringStatus::aired], 40);
    EXPECT_EQ(store_.airings.count(filter, 1000), 40);
}

TEST_F(OfficeTest, case_70_SqlIsPlainTextInEveryField) {
    const std::string sql = "x'); DROP TABLE airing; --\"";
    join();
    EXPECT_EQ(held(send(1, 3, sql)), 3);
    EXPECT_EQ(store_.airings.list({}, {}, 1).at(0).record.reason, sql);
    for (auto AiringFilter::*field : {&AiringFilter::country, &AiringFilter::locale, &AiringFilter::campaign,
                                      &AiringFilter::segment, &AiringFilter::status, &AiringFilter::board}) {
        AiringFilter filter;
        filter.*field = "' OR '1'='1";
        EXPECT_EQ(store_.airings.count(filter, 100), 0);
        filter.*field = sql;
        EXPECT_EQ(store_.airings.count(filter, 100), 0);
    }
    EXPECT_FALSE(store_.boards.find("' OR '1'='1"));
    EXPECT_EQ(intake_.airings(request(""), sql, sql, "1-2", noon).status, 400);
    EXPECT_EQ(intake_.enrol(enrolment(sql, thief_, sql), noon).status, 403);
    store_.alarms.add({noon, sql, sql});
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).at(0).text, sql);
    EXPECT_EQ(store_.airings.count({}, 100), 3) << "every table is still there";
}

}  // namespace
}  // namespace riverlight::office
