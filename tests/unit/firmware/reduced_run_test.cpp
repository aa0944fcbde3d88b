// What a run in a reduced mode leaves behind, and how the next normal run takes it over.
#include "firmware/start/reduced_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Instant noon = *from_rfc3339("2026-11-25T12:00:00Z");
const std::string place = "kh-pp-01";

class ReducedRunTest : public testing::Test {
  protected:
    ReducedRunTest() { std::filesystem::create_directories(leftover_); }

    /// A run in safe mode that aired one segment.
    void run_in_safe_mode() {
        Journal journal(leftover_ + "/journal.db", place);
        StartDecision start;
        start.mode = RunMode::safe;
        start.reason = "Safe mode: the board failed.";
        store_reduced_mode(journal, start);
        content::AiringRecord record;
        record.airing = "factory-loop";
        record.outlet = "screen";
        record.status = content::AiringStatus::aired;
        static_cast<void>(journal.add(record));
    }
    test::Folder folder_;
    std::string leftover_ = folder_ / "safe";
    Journal journal_{folder_ / "journal.db", place};
};

TEST_F(ReducedRunTest, case_42_its_records_and_its_reason_are_taken_over_once) {
    EXPECT_EQ(merge_leftover_journal(journal_, leftover_, place, noon), 0U) << "there is none yet";
    run_in_safe_mode();
    EXPECT_EQ(merge_leftover_journal(journal_, leftover_, place, noon), 1U);
    EXPECT_EQ(journal_.state().last, 1);
    EXPECT_EQ(journal_.read(1, 1).front().airing, "factory-loop");
    EXPECT_TRUE(std::filesystem::is_empty(leftover_));
    EXPECT_EQ(merge_leftover_journal(journal_, leftover_, place, noon + 1h), 0U);
    EXPECT_EQ(journal_.state().last, 1);
}

TEST_F(ReducedRunTest, case_42_the_notice_is_shown_for_a_day) {
    EXPECT_EQ(reduced_run_notice(journal_, noon), "");
    run_in_safe_mode();
    static_cast<void>(merge_leftover_journal(journal_, leftover_, place, noon));
    EXPECT_EQ(reduced_run_notice(journal_, noon),
              "All runs again since 2026-11-25T12:00Z. Before: Safe mode: the board failed.");
    EXPECT_THAT(reduced_run_notice(journal_, noon + 24h), HasSubstr("Before"));
    EXPECT_EQ(reduced_run_notice(journal_, noon + 24h + 1s), "");
    EXPECT_EQ(reduced_run_notice(journal_, noon - 1s), "") << "a clock that was set back";
}

TEST_F(ReducedRunTest, another_boards_journal_is_refused_and_kept) {
    { const Journal other(leftover_ + "/journal.db", "th-bk-07"); }
    EXPECT_THROW(static_cast<void>(merge_leftover_journal(journal_, leftover_, place, noon)), Error);
    EXPECT_TRUE(std::filesystem::exists(leftover_ + "/journal.db"));
}

}  // namespace
}  // namespace riverlight::firmware
