// Starts whose wall clock contradicts the monotonic clock of their boot.
#include "content/airing/start_check.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace riverlight::content {
namespace {

using namespace std::chrono_literals;

const Instant noon = *from_rfc3339("2026-11-24T05:00:00Z");

/// A start `after` the boot's first one by the monotonic clock, while the wall clock was `off`.
AiringRecord start(std::chrono::seconds after, std::chrono::milliseconds off) {
    AiringRecord r;
    r.board = "kh-pp-01";
    r.boot_id = "boot-a";
    r.started = noon + after + off;
    r.monotonic_start = MonotonicTime{100s} + after;
    r.clock = ClockState::synchronised;
    r.clock_error = 12ms;
    return r;
}

std::vector<std::optional<std::chrono::milliseconds>> checked(const std::vector<AiringRecord>& records) {
    StartCheck check;
    for (const auto& record : records) check.add(record);
    std::vector<std::optional<std::chrono::milliseconds>> out;
    for (const auto& record : records) out.push_back(check.contradiction(record));
    return out;
}

using Off = std::vector<std::optional<std::chrono::milliseconds>>;

TEST(StartCheck, BothSidesOfAStepAreMarkedWithItsSize) {
    EXPECT_EQ(checked({start(0s, 0ms), start(30s, 0ms), start(60s, -40s), start(90s, -40s)}),
              (Off{{}, 40s, -40s, {}}));
    EXPECT_EQ(checked({start(0s, 0ms), start(30s, 3640s), start(60s, 3640s)}), (Off{-3640s, 3640s, {}}));
    EXPECT_EQ(checked({start(60s, -40s), start(0s, 0ms), start(30s, 0ms)}), (Off{-40s, {}, 40s}))
        << "in whatever order they come";
}

TEST(StartCheck, ErrorsDriftAndLateEventsExplainSmallDifferences) {
    EXPECT_EQ(checked({start(0s, 0ms), start(30s, 2400ms), start(60s, 0ms)}), (Off{{}, {}, {}}));
    EXPECT_EQ(checked({start(0s, 0ms), start(24h, 8s)}), (Off{{}, {}})) << "drift of a day";
    EXPECT_EQ(checked({start(0s, 0ms), start(30s, 8s)}), (Off{-8s, 8s}));
    auto unsure = start(30s, 8s);
    unsure.clock_error = 10s;
    EXPECT_EQ(checked({start(0s, 0ms), unsure}), (Off{{}, {}}));
}

TEST(StartCheck, AnotherBootBoardOrClockStateIsNoNeighbour) {
    auto other_boot = start(30s, 1h), other_board = start(30s, 1h), other_state = start(30s, 1h),
         no_boot = start(30s, 1h);
    other_boot.boot_id = "boot-b";
    other_board.board = "kh-pp-02";
    other_state.clock = ClockState::floor;  // the time fix says what it was
    no_boot.boot_id = "unknown";
    EXPECT_EQ(checked({start(0s, 0ms), other_boot, other_board, other_state, no_boot}),
              (Off{{}, {}, {}, {}, {}}));
    AiringRecord skipped;
    skipped.boot_id = "boot-a";
    EXPECT_EQ(checked({skipped}), Off{{}});
}

}  // namespace
}  // namespace riverlight::content
