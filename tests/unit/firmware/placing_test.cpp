// Airings from before a board knew the time, placed once it did.
#include "firmware/journal/placing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firmware/journal/journal.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const Instant real = *from_rfc3339("2026-11-25T08:00:00Z");  // the boot began
const Instant stamped = *from_rfc3339("1970-01-01T00:00:20Z");
constexpr std::int64_t second = 1'000'000;

AiringRecord aired(std::int64_t at_s, const std::string& boot = "boot-a") {
    AiringRecord r;
    r.board = r.place = "kh-pp-01";
    r.outlet = "screen";
    r.airing = "a-" + std::to_string(at_s);
    r.segment = "fair-work";
    r.status = "aired";
    r.started = stamped + std::chrono::seconds(at_s);
    r.ended = *r.started + 4s;
    r.clock = ClockState::floor;
    r.boot_id = boot;
    r.monotonic_start_us = at_s * second;
    r.monotonic_end_us = (at_s + 4) * second;
    return r;
}

const TimeFix fix{"kh-pp-01", "boot-a", real + 3600s, 3600 * second, 12};

TEST(Placing, case_55_by_the_boot_and_its_monotonic_clock) {
    const auto placed = placed_by(aired(100), fix);
    ASSERT_TRUE(placed);
    EXPECT_EQ(placed->started, real + 100s);
    EXPECT_EQ(placed->ended, real + 104s);
    EXPECT_EQ(placed->error_ms, 12 + 350 + 1) << "3500 s at 100 millionths";
    EXPECT_EQ(placed_by(aired(4000), fix)->started, real + 4000s) << "what came after it, too";
}

TEST(Placing, case_55_only_what_needs_it_and_shares_the_boot) {
    EXPECT_FALSE(placed_by(aired(100, "boot-b"), fix));
    auto other = aired(100);
    other.board = "kh-sr-01";
    EXPECT_FALSE(placed_by(other, fix));
    auto known = aired(100);
    known.clock = ClockState::synchronised;
    EXPECT_FALSE(placed_by(known, fix));
    auto skipped = aired(100);
    skipped.started.reset();
    EXPECT_FALSE(placed_by(skipped, fix));
    auto open = aired(100);
    open.ended.reset();
    open.monotonic_end_us = -1;
    EXPECT_EQ(placed_by(open, fix)->started, real + 100s);
    EXPECT_FALSE(placed_by(open, fix)->ended);
    auto vague = fix;
    vague.error_ms = -1;
    EXPECT_EQ(placed_by(aired(100), vague)->error_ms, -1);
}

TEST(Placing, case_55_a_fix_goes_up_as_a_record_and_the_first_of_a_boot_counts) {
    auto record = record_of(fix, "kh-pp-01");
    record.board = "kh-pp-01";
    record.epoch = "e";
    record.seq = 1;
    record.previous = first_previous("kh-pp-01", "e");
    record.hash = record_hash(record);
    const auto read = time_fix_of(parse_record(record_json(record), "record"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->at, fix.at);
    EXPECT_EQ(read->monotonic_us, fix.monotonic_us);
    EXPECT_FALSE(waits_for_time(record));
    EXPECT_FALSE(time_fix_of(aired(100)));
    auto forged = record;
    forged.clock = ClockState::unsynchronised;
    EXPECT_FALSE(time_fix_of(forged)) << "only a time known for sure";
    Placing placing;
    placing.learn(record);
    auto later = record;
    later.started = *record.started + 1h;
    placing.learn(later);
    EXPECT_EQ(placing.place(aired(100))->started, real + 100s);
    EXPECT_FALSE(placing.place(aired(100, "boot-b")));
}

TEST(Placing, case_55_a_journal_wants_one_fix_a_boot_where_something_waits) {
    const test::Folder folder;
    Journal journal(folder / "journal.db", "kh-pp-01");
    EXPECT_FALSE(wants_time_fix(journal, "boot-a"));
    journal.add(aired(10, "boot-before"));
    EXPECT_FALSE(wants_time_fix(journal, "boot-a"));
    journal.add(aired(10));
    AiringRecord withdrawal;
    withdrawal.airing = "unplanned-withdrawal-x-km";
    withdrawal.status = "skipped";
    journal.add(withdrawal);
    std::vector<AiringRecord> many;
    for (int n = 0; n < 1100; ++n) {
        auto known = aired(20 + n);
        known.clock = ClockState::synchronised;
        many.push_back(known);
    }
    journal.add(many);
    EXPECT_TRUE(wants_time_fix(journal, "boot-a")) << "however far back in the boot";
    journal.add(record_of(fix, "kh-pp-01"));
    EXPECT_FALSE(wants_time_fix(journal, "boot-a"));
    EXPECT_FALSE(wants_time_fix(journal, "boot-before")) << "that one is over";
}

}  // namespace
}  // namespace riverlight::firmware
