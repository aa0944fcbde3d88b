// Airings from before a board knew the time, placed once it did.
#include "content/airing/time_fix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firmware/journal/journal.hpp"
#include "firmware/journal/time_fixes.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;

const Instant real = *from_rfc3339("2026-11-25T08:00:00Z");  // the boot began
const Instant stamped = *from_rfc3339("1970-01-01T00:00:20Z");
MonotonicTime since_boot(std::int64_t seconds) {
    return MonotonicTime(std::chrono::seconds(seconds));
}

content::AiringRecord aired(std::int64_t at_s, const std::string& boot = "boot-a") {
    content::AiringRecord r;
    r.board = r.place = "kh-pp-01";
    r.outlet = "screen";
    r.airing = "a-" + std::to_string(at_s);
    r.segment = "fair-work";
    r.status = content::AiringStatus::aired;
    r.started = stamped + std::chrono::seconds(at_s);
    r.ended = *r.started + 4s;
    r.clock = content::ClockState::floor;
    r.boot_id = boot;
    r.monotonic_start = since_boot(at_s);
    r.monotonic_end = since_boot(at_s + 4);
    return r;
}

const content::TimeFix fix{"kh-pp-01", "boot-a", real + 3600s, since_boot(3600), 12ms};

TEST(TimeFix, case_55_by_the_boot_and_its_monotonic_clock) {
    const auto placed = corrected_times(aired(100), fix);
    ASSERT_TRUE(placed);
    EXPECT_EQ(placed->started, real + 100s);
    EXPECT_EQ(placed->ended, real + 104s);
    EXPECT_EQ(placed->error, 12ms + 350ms + 1ms) << "3500 s at 100 millionths";
    EXPECT_EQ(corrected_times(aired(4000), fix)->started, real + 4000s) << "what came after it, too";
}

TEST(TimeFix, case_55_only_what_needs_it_and_shares_the_boot) {
    EXPECT_FALSE(corrected_times(aired(100, "boot-b"), fix));
    auto other = aired(100);
    other.board = "kh-sr-01";
    EXPECT_FALSE(corrected_times(other, fix));
    auto known = aired(100);
    known.clock = content::ClockState::synchronised;
    EXPECT_FALSE(corrected_times(known, fix));
    auto skipped = aired(100);
    skipped.started.reset();
    EXPECT_FALSE(corrected_times(skipped, fix));
    auto open = aired(100);
    open.ended.reset();
    open.monotonic_end.reset();
    EXPECT_EQ(corrected_times(open, fix)->started, real + 100s);
    EXPECT_FALSE(corrected_times(open, fix)->ended);
    auto vague = fix;
    vague.error.reset();
    EXPECT_FALSE(corrected_times(aired(100), vague)->error);
}

TEST(TimeFix, case_55_a_fix_goes_up_as_a_record_and_the_first_of_a_boot_counts) {
    auto record = record_of(fix, "kh-pp-01");
    record.board = "kh-pp-01";
    record.epoch = "e";
    record.seq = 1;
    record.previous = content::first_previous("kh-pp-01", "e");
    record.hash = record_hash(record);
    const auto read = time_fix_of(content::parse_record(record_json(record), "record"));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->at, fix.at);
    EXPECT_EQ(read->monotonic, fix.monotonic);
    EXPECT_FALSE(needs_time_fix(record));
    EXPECT_FALSE(time_fix_of(aired(100)));
    auto forged = record;
    forged.clock = content::ClockState::unsynchronised;
    EXPECT_FALSE(time_fix_of(forged)) << "only a time known for sure";
    content::TimeFixes fixes;
    fixes.add(record);
    auto later = record;
    later.started = *record.started + 1h;
    fixes.add(later);
    EXPECT_EQ(fixes.correct(aired(100))->started, real + 100s);
    EXPECT_FALSE(fixes.correct(aired(100, "boot-b")));
}

TEST(TimeFix, case_55_a_journal_wants_one_fix_a_boot_where_something_waits) {
    const test::Folder folder;
    Journal journal(folder / "journal.db", "kh-pp-01");
    EXPECT_FALSE(lacks_time_fix(journal, "boot-a"));
    journal.add(aired(10, "boot-before"));
    EXPECT_FALSE(lacks_time_fix(journal, "boot-a"));
    journal.add(aired(10));
    content::AiringRecord withdrawal;
    withdrawal.kind = content::RecordKind::withdrawal;
    withdrawal.segment = "x";
    withdrawal.locale_asked = "km";
    withdrawal.status = content::AiringStatus::skipped;
    journal.add(withdrawal);
    std::vector<content::AiringRecord> many;
    for (int n = 0; n < 1100; ++n) {
        auto known = aired(20 + n);
        known.clock = content::ClockState::synchronised;
        many.push_back(known);
    }
    journal.add(many);
    EXPECT_TRUE(lacks_time_fix(journal, "boot-a")) << "however far back in the boot";
    journal.add(record_of(fix, "kh-pp-01"));
    EXPECT_FALSE(lacks_time_fix(journal, "boot-a"));
    EXPECT_FALSE(lacks_time_fix(journal, "boot-before")) << "that one is over";
}

}  // namespace
}  // namespace riverlight::firmware
