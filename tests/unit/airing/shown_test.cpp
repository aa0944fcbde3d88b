// How much of an airing was shown, the status that follows, and what a reader makes of a record's claim.
#include "content/airing/shown.hpp"

#include <gtest/gtest.h>

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");
const MonotonicTime booted{100s};

Shown of_ten_seconds(std::chrono::milliseconds shown, bool end = true) {
    return {10s, shown, 0s, end};
}

/// A whole airing of ten seconds at 25 frames a second, as a board records it.
AiringRecord whole() {
    AiringRecord r;
    r.board = r.place = "kh-pp-01";
    r.epoch = "e1";
    r.seq = 1;
    r.outlet = "feed";
    r.airing = "abc";
    r.segment = "fair-work";
    r.planned_start = noon;
    r.planned_end = noon + 10s;
    r.started = noon;
    r.ended = noon + 10s;
    r.monotonic_start = booted;
    r.monotonic_end = booted + 10s;
    r.status = AiringStatus::aired;
    r.frames = 250;
    r.samples = 480'000;
    write_shown(of_ten_seconds(10s), r.evidence);
    r.evidence["output_1"] = "udp://239.1.1.1:5000: sending; datagrams_refused 0, datagrams_sent 4000";
    return r;
}

TEST(Shown, StatusFollowsFromTheShareAndTheLastSecond) {
    EXPECT_EQ(status_of(of_ten_seconds(10s)), AiringStatus::aired);
    EXPECT_EQ(status_of(of_ten_seconds(9500ms)), AiringStatus::aired);
    EXPECT_EQ(status_of(of_ten_seconds(9499ms)), AiringStatus::truncated);
    EXPECT_EQ(status_of(of_ten_seconds(9900ms, false)), AiringStatus::truncated)
        << "the hotline is at the end";
    EXPECT_EQ(status_of(of_ten_seconds(40ms, false)), AiringStatus::truncated);
    EXPECT_EQ(status_of(of_ten_seconds(0ms)), AiringStatus::failed);
    EXPECT_EQ(status_of({{}, 10s, 0s, true}), AiringStatus::truncated) << "of an unknown length";
}

TEST(Shown, ALateJoinIsTruncatedAndSaysWhatIsMissing) {
    const Shown late{30s, 17'700ms, 12'300ms, true};
    EXPECT_EQ(status_of(late), AiringStatus::truncated);
    EXPECT_EQ(percent_shown(late), 59);
    EXPECT_EQ(describe(late), "59 % was shown (17.7 of 30.0 s); the first 12.3 s are missing");
}

TEST(Shown, EvidenceReadsBack) {
    for (const auto& shown :
         {of_ten_seconds(9500ms), Shown{{}, 1s, 0s, false}, Shown{30s, 17'700ms, 12'300ms, true}}) {
        std::map<std::string, std::string> evidence;
        write_shown(shown, evidence);
        EXPECT_EQ(read_shown(evidence), shown);
    }
}

TEST(Shown, EvidenceThatCannotBeIsNone) {
    using Pieces = std::map<std::string, std::string>;
    EXPECT_FALSE(read_shown({}));
    for (const auto* shown : {"", "-1", "1.5", "9x", "99999999999", "999999999999999999999999"})
        EXPECT_FALSE(read_shown(Pieces{{"shown_ms", shown}, {"end_shown", "yes"}})) << shown;
    EXPECT_FALSE(read_shown(Pieces{{"shown_ms", "1"}})) << "without its end";
}

TEST(DurationOf, NeverComesFromTheWallClock) {
    auto r = whole();
    r.ended = noon - 30s;  // set back by 40 s meanwhile
    EXPECT_EQ(duration_of(r), 10s);
    r.samples = 0;
    r.monotonic_end = booted + 12s;
    EXPECT_EQ(duration_of(r), 12s);
    r.monotonic_end.reset();
    EXPECT_EQ(duration_of(r), 10s) << "250 frames";
    r.started.reset();
    EXPECT_FALSE(duration_of(r)) << "never on";
}

TEST(Assess, AWholeAiringIsWhatItClaims) {
    const auto found = assess(whole());
    EXPECT_EQ(found.status, AiringStatus::aired);
    EXPECT_EQ(found.shown, 10s);
    EXPECT_EQ(found.length, 10s);
    EXPECT_FALSE(found.overclaims);
}

TEST(Assess, NothingThatLeftIsNoPlay) {
    auto r = whole();
    r.evidence["output_1"] =
        "srt://:9000: not sending; datagrams_dropped 0, datagrams_sent 0; no receiver has come yet";
    EXPECT_EQ(assess(r).status, AiringStatus::failed);
    EXPECT_EQ(assess(r).shown, 0s);
    EXPECT_TRUE(assess(r).overclaims);
    r.evidence["output_2"] = "file:/data/: sending; bytes_written 5200000";
    EXPECT_FALSE(assess(r).overclaims) << "one output is enough";
}

TEST(Assess, EveryBoundIsKept) {
    const auto claims = [](auto change) {
        auto r = whole();
        change(r);
        const auto found = assess(r);
        EXPECT_LE(found.shown, 5s);
        return found;
    };
    for (const auto& found : {claims([](AiringRecord& r) { r.frames = 100; }),
                              claims([](AiringRecord& r) { r.samples = 192'000; }),
                              claims([](AiringRecord& r) { r.monotonic_end = booted + 2s; }),
                              claims([](AiringRecord& r) { r.evidence["frames_shown"] = "100"; })}) {
        EXPECT_EQ(found.status, AiringStatus::truncated);
        EXPECT_TRUE(found.overclaims);
    }
    EXPECT_EQ(claims([](AiringRecord& r) { r.frames = 0; }).status, AiringStatus::failed);
}

TEST(Assess, ALengthThatIsTooShortDoesNotHelp) {
    auto r = whole();
    r.evidence.clear();
    write_shown({2s, 2s, 0s, true}, r.evidence);
    EXPECT_EQ(assess(r).length, 10s) << "as planned";
    EXPECT_EQ(assess(r).status, AiringStatus::truncated);
    EXPECT_TRUE(assess(r).overclaims);
}

TEST(Assess, RecordsOfEarlierBoardsAreJudgedByTheirFrames) {
    auto r = whole();
    r.evidence.clear();
    EXPECT_EQ(assess(r).status, AiringStatus::aired);
    EXPECT_FALSE(assess(r).overclaims);
    r.frames = 3;
    r.samples = 0;
    EXPECT_EQ(assess(r).status, AiringStatus::truncated);
    EXPECT_TRUE(assess(r).overclaims);
}

TEST(Assess, WhatClaimsNoPlayStaysAsItIs) {
    for (const auto status : {AiringStatus::skipped, AiringStatus::failed, AiringStatus::interrupted}) {
        auto r = whole();
        r.status = status;
        EXPECT_EQ(assess(r).status, status);
        EXPECT_FALSE(assess(r).overclaims);
    }
    auto open = whole();
    open.status.reset();
    EXPECT_FALSE(assess(open).status);
}

}  // namespace
}  // namespace riverlight::content
