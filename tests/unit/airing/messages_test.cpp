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

/// As boards send it since their system can be updated by the channel.
const std::string with_system =
    R"({"alarms":[],"at":"2026-11-28T22:33:52.000000Z","board":"kh-pp-01","clock":"","clock_error_ms":-1,)"
    R"("disk_free_bytes":-1,"format":1,"mode":"normal","outlets":[],"queue":0,"release":"","signed_until":null,)"
    R"("system":{"last":{"at":"2026-11-28T20:00:00.000000Z","fault":"did-not-play","version":"0.3.0"},"slot":"A",)"
    R"("state":"ready","target":"0.4.0","version":"0.2.0","wait":"open"},"version":"0.1.0"})";

TEST(Health, AReportOfASystemKeepsItsBytes) {
    const auto [report, fault] = read_health(with_system);
    EXPECT_EQ(fault, "");
    EXPECT_EQ(write_health(report), with_system);
    ASSERT_TRUE(report.system);
    EXPECT_EQ(report.system->slot, "A");
    EXPECT_EQ(report.system->state, UpdateState::ready);
    EXPECT_EQ(report.system->wait, UpdateWait::open);
    EXPECT_EQ(report.system->target, "0.4.0");
    ASSERT_TRUE(report.system->last);
    EXPECT_EQ(report.system->last->fault, UpdateFault::did_not_play);
    EXPECT_EQ(report.system->last->at, *from_rfc3339("2026-11-28T20:00:00Z"));
}

TEST(Health, EveryStateOfASystemReadsBack) {
    HealthReport report;
    for (const auto state : every_update_state)
        for (const auto wait : every_update_wait)
            for (const auto fault : every_update_fault) {
                report.system = SystemReport{"0.1.0", "B", state, wait, "0.2.0", {{"0.1.5", fault, {}}}};
                EXPECT_EQ(read_health(write_health(report)).report.system, report.system);
            }
}

TEST(Health, AStateThatThisVersionDoesNotKnowIsNone) {
    auto newer = with_system;
    for (const auto* text : {"\"ready\"", "\"open\"", "\"did-not-play\""})
        newer.replace(newer.find(text), std::string(text).size(), "\"unheard-of\"");
    const auto [report, fault] = read_health(newer);
    EXPECT_EQ(fault, "");
    ASSERT_TRUE(report.system);
    EXPECT_FALSE(report.system->state);
    EXPECT_FALSE(report.system->wait);
    EXPECT_EQ(report.system->last->fault, UpdateFault::unknown);
    EXPECT_NE(describe_update(*report.system), "");
}

TEST(Health, EveryStateOfASystemHasItsWords) {
    for (const auto state : every_update_state)
        for (const auto wait : every_update_wait) {
            const auto words = describe_update({"0.1.0", "A", state, wait, "0.2.0", {}});
            EXPECT_EQ(words.empty(), state == UpdateState::none && wait == UpdateWait::none);
            EXPECT_EQ(words.find("  "), words.npos) << words;
        }
    EXPECT_EQ(describe_last_update({"0.1.0", "A", UpdateState::none, UpdateWait::none, "", {}}), "");
    for (const auto fault : every_update_fault)
        EXPECT_GT(
            describe_last_update({"0.1.0", "A", UpdateState::none, UpdateWait::none, "", {{"9", fault, {}}}})
                .size(),
            15U);
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
