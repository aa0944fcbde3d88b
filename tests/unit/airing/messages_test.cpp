// Enrolment and health reports between board and office.
#include <gtest/gtest.h>

#include "content/airing/enrolment.hpp"
#include "content/airing/health.hpp"
#include "content/base/error.hpp"

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

const std::string key(64, 'a');
/// As a board of before issue 17 sent it.
const std::string health =
    R"({"alarms":["The disk is full."],"at":"2026-11-28T22:33:52.876566Z","board":"kh-pp-01","clock":"unsynchronised",)"
    R"("clock_error_ms":-1,"disk_free_bytes":83279560704,"format":1,"mode":"normal","outlets":[{"id":"screen","on_air":)"
    R"({"airing":"68ab53ce1a5b08b94ca565e5c8a9eafc","campaign":"always","locale":"km","segment":"free-movement",)"
    R"("started":"2026-11-28T22:33:52.765884Z"},"slate":false},{"id":"feed","on_air":null,"slate":true}],"queue":1,)"
    R"("release":"2-5bc0fc70","signed_until":"2026-12-28T22:33:35.000000Z","version":"0.1.0"})";

TEST(Enrolment, TheRequestReadsBack) {
    const auto request = parse_enrolment(write_enrolment({"AAAA-BBBB", key, "kh-pp-01", "0.1.0"}));
    EXPECT_EQ(request.claim_code, "AAAA-BBBB");
    EXPECT_EQ(request.public_key, key);
    EXPECT_EQ(request.place, "kh-pp-01");
    EXPECT_EQ(request.version, "0.1.0");
}

TEST(Enrolment, AKeyThatIsNoneIsRefused) {
    for (const auto& bad : {std::string(63, 'a'), std::string(64, 'A'), std::string(64, 'x')})
        EXPECT_THROW(static_cast<void>(parse_enrolment(write_enrolment({"c", bad, "p", "v"}))), Error) << bad;
    EXPECT_THROW(static_cast<void>(parse_enrolment_answer(write_enrolment_answer({"b", "key", "f", {}}))),
                 Error);
}

TEST(Enrolment, TheAnswerReadsBackInEveryState) {
    for (const auto state : {BoardState::pending, BoardState::active, BoardState::retired}) {
        const auto answer =
            parse_enrolment_answer(write_enrolment_answer({"kh-pp-01", key, "b1e2-56d0", state}));
        EXPECT_EQ(answer.board, "kh-pp-01");
        EXPECT_EQ(answer.office_key, key);
        EXPECT_EQ(answer.state, state);
    }
    EXPECT_FALSE(parse_board_state("asleep"));
}

TEST(Health, AReportKeepsItsBytes) {
    const auto [report, fault] = read_health(health);
    EXPECT_EQ(fault, "");
    EXPECT_EQ(write_health(report), health);
    EXPECT_EQ(report.clock, ClockState::unsynchronised);
    EXPECT_FALSE(report.clock_error);
    EXPECT_EQ(report.queue, 1);
    ASSERT_EQ(report.outlets.size(), 2U);
    EXPECT_EQ(report.outlets[0].on_air->segment, "free-movement");
    EXPECT_FALSE(report.outlets[1].on_air);
    EXPECT_TRUE(report.outlets[1].on_slate);
}

TEST(Health, WhatCouldBeReadStaysBesideTheFault) {
    auto bent = health;
    bent.replace(bent.find(R"("id":"feed")"), 11, R"("id":123456)");
    const auto [report, fault] = read_health(bent);
    EXPECT_NE(fault, "");
    EXPECT_EQ(report.release, "2-5bc0fc70");
    EXPECT_EQ(report.outlets.size(), 1U);
    EXPECT_NE(read_health("no JSON").fault, "");
}

}  // namespace
}  // namespace riverlight::content
