// What boards send: enrolment, batches, health reports.
#include <gmock/gmock.h>

#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/parameters.hpp"

namespace riverlight::office {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(OfficeTest, case_78_AClaimCodeWorksOnceAndForOneKey) {
    const auto code = claim();
    EXPECT_EQ(intake_.enrol(enrolment(code, board_), noon).status, 201);
    EXPECT_EQ(intake_.enrol(enrolment(code, board_), noon).status, 200) << "its answer was lost on the way";
    EXPECT_EQ(intake_.enrol(enrolment(code, thief_), noon).status, 403);
    EXPECT_EQ(store_.boards.find("kh-pp-01")->public_key, board_.public_hex());
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).size(), 1U)
        << "a second device with a used code raises an alarm";
}

TEST_F(OfficeTest, ClaimCodesAreReadAsPeopleWriteThem) {
    const auto code = new_claim_code();
    ASSERT_EQ(code.size(), 19U);
    std::string spoken;
    for (const char c : code)
        spoken += c == '-' ? ' ' : c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(std::tolower(c));
    EXPECT_EQ(claim_code_hash(spoken), claim_code_hash(code));
    EXPECT_NE(claim_code_hash(new_claim_code()), claim_code_hash(code));
}

TEST_F(OfficeTest, case_78_AWrongExpiredOrMisplacedClaimCodeEnrolsNobody) {
    EXPECT_EQ(intake_.enrol(enrolment("AAAA-AAAA-AAAA-AAAA", board_), noon).status, 403);
    EXPECT_EQ(intake_.enrol(enrolment(claim(), board_), noon + 25h).status, 403);
    const auto misplaced = intake_.enrol(enrolment(claim(), board_, "th-tv-01"), noon);
    EXPECT_EQ(misplaced.status, 403);
    EXPECT_THAT(misplaced.body, HasSubstr("th-tv-01"));
    EXPECT_EQ(intake_.enrol(request("{\"format\":1}"), noon).status, 400);
    EXPECT_EQ(intake_.enrol(request(std::string(5000, '[')), noon).status, 400);
    EXPECT_THAT(store_.boards.all(), IsEmpty());
}

TEST_F(OfficeTest, case_78_GuessingClaimCodesIsSlowedDownAndARightOneAlwaysPasses) {
    const auto right = claim();
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(intake_.enrol(enrolment(new_claim_code(), thief_), noon).status, 403);
    const auto stopped = intake_.enrol(enrolment(new_claim_code(), thief_), noon);
    EXPECT_EQ(stopped.status, 429);
    EXPECT_EQ(stopped.headers.at(0).first, "Retry-After");
    EXPECT_EQ(intake_.enrol(enrolment(right, board_), noon).status, 201) << "a board behind the same address";
    EXPECT_EQ(intake_.enrol(enrolment(new_claim_code(), thief_), noon + 11min).status, 403);
}

TEST_F(OfficeTest, case_78_ASpentClaimCodeEnrolsNobody) {
    const auto first = claim();
    ASSERT_EQ(intake_.enrol(enrolment(first, board_), noon).status, 201);
    store_.boards.set_state("kh-pp-01", BoardState::active);
    ASSERT_EQ(intake_.enrol(enrolment(claim(), thief_), noon).status, 201);
    approve_board(store_, "kh-pp-01", key_fingerprint(thief_.public_hex()));
    ASSERT_EQ(store_.boards.find("kh-pp-01")->public_key, thief_.public_hex());
    EXPECT_EQ(intake_.enrol(enrolment(first, board_), noon).status, 403)
        << "the replaced device, with its old code";
    EXPECT_EQ(store_.boards.find("kh-pp-01")->public_key, thief_.public_hex());
    EXPECT_FALSE(store_.boards.applicant("kh-pp-01"));
}

TEST_F(OfficeTest, AReplacementKeepsTheOldKeyUntilItIsApproved) {
    join();
    EXPECT_EQ(held(send(1, 2)), 2);
    const auto code = claim();
    const auto answer = intake_.enrol(enrolment(code, thief_), noon + 1h);
    ASSERT_EQ(answer.status, 201);
    EXPECT_THAT(answer.body, HasSubstr("\"pending\""));
    EXPECT_EQ(intake_.enrol(enrolment(code, thief_), noon + 1h).status, 200)
        << "its answer was lost on the way";
    EXPECT_EQ(held(send(3, 4)), 4) << "the board goes on";
    const auto early = send(write_batch(batch(1, 1), thief_), "1-1");
    EXPECT_EQ(early.status, 403);
    EXPECT_THAT(early.body, HasSubstr("/pending"));
    approve_board(store_, "kh-pp-01", key_fingerprint(thief_.public_hex()));
    const auto board = store_.boards.find("kh-pp-01");
    EXPECT_EQ(board->public_key, thief_.public_hex());
    EXPECT_EQ(board->state, BoardState::active);
    EXPECT_EQ(board->enrolled, noon) << "the place is in service since its first board";
    EXPECT_EQ(send(5, 6).status, 403) << "the old device";
    EXPECT_EQ(held(send(write_batch(batch(5, 6), thief_), "5-6")), 6);
}

TEST_F(OfficeTest, BoardIdsCannotBeFoundOutByTrying) {
    join();
    const auto ask = [&](const std::string& id, std::int64_t first) {
        auto b = batch(first, first);
        b.board = id;
        for (auto& record : b.airings) record.board = id;
        auto r = request(write_batch(b, thief_));
        r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
        return intake_.airings(r, id, "e1", "1-1", noon);
    };
    const auto known = ask("kh-pp-01", 1), unknown = ask("kh-pp-99", 1);
    EXPECT_EQ(known.status, 403);
    EXPECT_EQ(known.body, unknown.body);
    EXPECT_EQ(known.headers, unknown.headers);
    EXPECT_EQ(intake_.health(request("{}"), "kh-pp-01", noon).body,
              intake_.health(request("{}"), "kh-pp-99", noon).body);
    store_.boards.set_state("kh-pp-01", BoardState::retired);
    EXPECT_EQ(ask("kh-pp-01", 1).body, unknown.body) << "nor that it was retired";
}

TEST_F(OfficeTest, case_61_APendingOrRetiredBoardMayNotReport) {
    ASSERT_EQ(intake_.enrol(enrolment(claim(), board_), noon).status, 201);
    const auto pending = send(1, 2);
    EXPECT_EQ(pending.status, 403);
    EXPECT_THAT(pending.body, HasSubstr("/pending"));
    store_.boards.set_state("kh-pp-01", BoardState::retired);
    EXPECT_EQ(send(1, 2).status, 403);
    EXPECT_EQ(store_.airings.count({}, 100), 0);
}

TEST_F(OfficeTest, case_57_ABatchCountsOnceHoweverOftenItIsSent) {
    join();
    for (int n = 0; n < 1000; ++n) ASSERT_EQ(held(send(1, 5)), 5);
    EXPECT_EQ(store_.airings.count({}, 100), 5);
    EXPECT_EQ(held(send(3, 8)), 8) << "an overlap adds what is new";
    EXPECT_EQ(held(send(2, 4)), 8);
    EXPECT_EQ(store_.airings.count({}, 100), 8);
    EXPECT_EQ(send(write_batch(batch(9, 9), board_), "9-9", "").status, 200)
        << "gzip is offered, not asked for";
}

TEST_F(OfficeTest, ABatchThatLeavesAHoleIsRefusedAndTheReceiptNamesTheNextSeq) {
    join();
    EXPECT_EQ(held(send(1, 2)), 2);
    EXPECT_EQ(held(send(5, 6)), 2);
    EXPECT_EQ(store_.airings.count({}, 100), 2);
    EXPECT_EQ(held(send(3, 6)), 6);
}

TEST_F(OfficeTest, case_65_a_record_that_is_refused_is_named_and_stands_in_the_chain_by_its_hash_alone) {
    join();
    auto bad = write_batch(batch(1, 5), board_);
    bad.replace(bad.find(R"("airing":"airing3")"), 18, R"("airing":"airing\n")");
    const auto refused = send(bad, "1-5");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(parse_json(refused.body, "problem").at("seq"), 3);
    EXPECT_EQ(held(send(1, 2)), 2);
    const auto third = batch(3, 3);
    auto aside = third;
    aside.airings.clear();
    aside.set_aside = {third.airings.front().previous, third.head, "a test"};
    EXPECT_EQ(send(write_batch(aside, thief_), "3-3").status, 403);
    EXPECT_EQ(held(send(write_batch(aside, board_), "3-3")), 3);
    EXPECT_EQ(held(send(write_batch(aside, board_), "3-3")), 3) << "sent again";
    EXPECT_EQ(held(send(4, 5)), 5) << "the chain holds";
    EXPECT_EQ(held(send(2, 5)), 5) << "what was set aside may come again: its hash is known";
    EXPECT_EQ(store_.airings.count({}, 100), 4);
    const auto alarms = store_.alarms.since(noon - 1h, 10);
    ASSERT_EQ(alarms.size(), 1U);
    EXPECT_THAT(alarms[0].text, HasSubstr(third.head));
}

TEST_F(OfficeTest, ADeviceThatWasDeclinedIsRefusedAndTheBoardGoesOn) {
    join();
    ASSERT_EQ(intake_.enrol(enrolment(claim(), thief_), noon).status, 201);
    const auto fingerprint = key_fingerprint(thief_.public_hex());
    EXPECT_THROW(decline_board(store_, "kh-pp-01", key_fingerprint(board_.public_hex())), BadRequest)
        << "one that reports is retired";
    EXPECT_THROW(decline_board(store_, "kh-pp-02", fingerprint), BadRequest);
    decline_board(store_, "kh-pp-01", fingerprint);
    EXPECT_FALSE(store_.boards.applicant("kh-pp-01"));
    EXPECT_THROW(approve_board(store_, "kh-pp-01", fingerprint), BadRequest);
    EXPECT_THROW(decline_board(store_, "kh-pp-01", fingerprint), BadRequest);
    EXPECT_EQ(held(send(1, 3)), 3);
}

TEST_F(OfficeTest, ABoardThatWasDeclinedBeforeItWasApprovedIsRetired) {
    ASSERT_EQ(intake_.enrol(enrolment(claim(), board_), noon).status, 201);
    EXPECT_THROW(decline_board(store_, "kh-pp-01", key_fingerprint(thief_.public_hex())), BadRequest);
    EXPECT_EQ(store_.boards.find("kh-pp-01")->state, BoardState::pending);
    decline_board(store_, "kh-pp-01", key_fingerprint(board_.public_hex()));
    EXPECT_EQ(store_.boards.find("kh-pp-01")->state, BoardState::retired);
    EXPECT_EQ(send(1, 3).status, 403);
}

TEST_F(OfficeTest, WhatIsSetAsideHasToFollowWhatIsHeld) {
    join();
    EXPECT_EQ(held(send(1, 2)), 2);
    auto aside = batch(3, 3, "rewritten");
    aside.set_aside = {aside.airings.front().previous, aside.head, "a test"};
    aside.airings.clear();
    EXPECT_EQ(send(write_batch(aside, board_), "3-3").status, 409);
    aside.first = aside.last = 9;
    EXPECT_EQ(held(send(write_batch(aside, board_), "9-9")), 2) << "it leaves a hole";
}

TEST_F(OfficeTest, case_58_OtherContentUnderAKnownNumberIsAConflict) {
    join();
    EXPECT_EQ(held(send(1, 3)), 3);
    const auto conflict = send(1, 3, "rewritten");
    EXPECT_EQ(conflict.status, 409);
    EXPECT_THAT(conflict.body, HasSubstr("seq 1"));
    EXPECT_EQ(send(4, 5, "rewritten").status, 409) << "it does not follow what is held";
    EXPECT_EQ(store_.airings.count({}, 100), 3);
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).size(), 2U);
    static_cast<void>(send(1, 3, "rewritten"));
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).size(), 2U) << "repeated, it is one alarm";
}

TEST_F(OfficeTest, case_59_ABodyThatWasChangedInTransitIsRefused) {
    join();
    const auto json = write_batch(batch(1, 3), board_);
    auto r = request(http::gzip(json));
    r.headers["content-encoding"] = "gzip";
    EXPECT_EQ(intake_.airings(r, "kh-pp-01", "e1", "1-3", noon).status, 400) << "no digest";
    r.headers["content-digest"] = "sha-256=:" + to_base64(sha256_raw(r.body)) + ':';
    r.body[r.body.size() / 2] = static_cast<char>(r.body[r.body.size() / 2] ^ 1);
    EXPECT_THAT(intake_.airings(r, "kh-pp-01", "e1", "1-3", noon).body, HasSubstr("Changed on its way"));
    // With a matching digest, the hash chain still shows the change.
    auto changed = json;
    changed.replace(changed.find("\"aired\""), 7, "\"axred\"");
    EXPECT_EQ(send(changed, "1-3").status, 400);
    EXPECT_THAT(send(changed, "1-3").body, HasSubstr("seq 1"));
    EXPECT_EQ(send(json, "1-4").status, 400);
    EXPECT_EQ(send(json, "3").status, 400);
    EXPECT_EQ(send(json, "1-3", "br").status, 415);
    EXPECT_EQ(send(write_batch(batch(1, 3), thief_), "1-3").status, 403);
    EXPECT_EQ(store_.airings.count({}, 100), 0);
    EXPECT_EQ(held(send(json, "1-3")), 3) << "what was there before it was refused is not harmed";
}

TEST_F(OfficeTest, case_60_ABoardSpeaksForItsOwnPlace) {
    join();
    place_ = "th-tv-01";
    EXPECT_EQ(send(1, 2).status, 403);
    EXPECT_EQ(store_.airings.count({}, 100), 0);
}

TEST_F(OfficeTest, case_75_HealthIsTakenFromTheBoardAlone) {
    join();
    const std::string body = R"({"board":"kh-pp-01","format":1,"version":"9"})";
    auto r = request(body);
    r.headers["riverlight-signature"] = thief_.sign(body);
    EXPECT_EQ(intake_.health(r, "kh-pp-01", noon).status, 403);
    r.headers["riverlight-signature"] = board_.sign(body);
    EXPECT_EQ(intake_.health(r, "kh-pp-01", noon).status, 200);
    EXPECT_EQ(store_.boards.find("kh-pp-01")->version, "9");
    EXPECT_EQ(store_.boards.find("kh-pp-01")->heard, noon);
    auto nonsense = request("[]");
    nonsense.headers["riverlight-signature"] = board_.sign("[]");
    EXPECT_EQ(intake_.health(nonsense, "kh-pp-01", noon).status, 400);
    auto flood = request(std::string(70'000, ' '));
    EXPECT_EQ(intake_.health(flood, "kh-pp-01", noon).status, 413);
}

}  // namespace
}  // namespace riverlight::office
