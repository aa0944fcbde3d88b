// The journal's file stays small: the oldest airings that the office holds go first, and no others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "firmware/journal/journal.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
using testing::IsEmpty;

constexpr auto board = "kh-pp-01";

class JournalRoomTest : public testing::Test {
  protected:
    void add(int count) {
        std::vector<content::AiringRecord> records;
        for (int n = 0; n < count; ++n) {
            content::AiringRecord record;
            record.outlet = "screen";
            record.place = board;
            record.airing = "airing-" + std::to_string(++added_);
            record.status = content::AiringStatus::aired;
            record.reason = std::string(1000, 'r');
            records.push_back(std::move(record));
        }
        journal_.add(std::move(records));
    }
    [[nodiscard]] content::Receipt receipt(std::int64_t held, const std::string& head = {}) const {
        content::Receipt receipt;
        receipt.board = board;
        receipt.epoch = journal_.state().epoch;
        receipt.held = held;
        receipt.head = held > 0 && head.empty() ? journal_.read(held, 1).front().hash : head;
        return receipt;
    }
    [[nodiscard]] std::int64_t first() const { return journal_.read(1, 1).front().seq; }

    test::Folder folder_;
    std::string path_ = folder_ / "journal.db";
    int added_ = 0;
    Journal journal_{path_, board};
};

TEST_F(JournalRoomTest, case_66_the_oldest_that_the_office_holds_go_first) {
    add(100);
    journal_.accept_receipt(receipt(60));
    EXPECT_EQ(journal_.make_room(1U << 30, 1000), 0U) << "there is room";
    EXPECT_EQ(journal_.make_room(0, 25), 25U) << "some at a time";
    EXPECT_EQ(first(), 26);
    EXPECT_THAT(journal_.verify(), IsEmpty());
    EXPECT_EQ(journal_.make_room(0, 1000), 35U);
    EXPECT_EQ(journal_.make_room(0, 1000), 0U) << "the office lacks the rest";
    EXPECT_EQ(first(), 61);
    EXPECT_EQ(journal_.next_batch(100)->first, 61);
    add(5);
    EXPECT_EQ(journal_.state().last, 105);
    EXPECT_THAT(journal_.verify(), IsEmpty());
    journal_ = Journal(path_, board);
    EXPECT_THAT(journal_.why_rotated(), IsEmpty()) << "nothing of this is damage";
    EXPECT_EQ(first(), 61);
}

TEST_F(JournalRoomTest, the_last_one_stays) {
    add(10);
    journal_.accept_receipt(receipt(10));
    EXPECT_EQ(journal_.make_room(0, 1000), 9U);
    EXPECT_EQ(journal_.state().last, 10);
    add(1);
    EXPECT_EQ(journal_.read(11, 1).front().previous, journal_.read(10, 1).front().hash);
    EXPECT_THAT(journal_.verify(), IsEmpty());
}

TEST_F(JournalRoomTest, the_file_grows_no_more) {
    const auto round = [&] {
        add(500);
        journal_.accept_receipt(receipt(journal_.state().last));
        while (journal_.make_room(1U << 20, 200) > 0) continue;
    };
    for (int n = 0; n < 4; ++n) round();
    const auto bytes = std::filesystem::file_size(path_);
    for (int n = 0; n < 8; ++n) round();
    EXPECT_LE(std::filesystem::file_size(path_), bytes + bytes / 4);
    EXPECT_GT(journal_.read(1, 10'000).size(), 300U) << "what has room stays";
}

TEST_F(JournalRoomTest, an_office_that_lost_them_gets_the_rest_in_another_epoch) {
    add(50);
    const auto tenth = receipt(10), twentieth = receipt(20);
    journal_.accept_receipt(receipt(40));
    EXPECT_EQ(journal_.make_room(0, 20), 20U);
    const auto epoch = journal_.state().epoch;
    journal_.accept_receipt(twentieth);
    EXPECT_EQ(journal_.next_batch(100)->first, 21) << "it lost what is still here";
    EXPECT_EQ(journal_.state().epoch, epoch);
    auto forged = twentieth;
    forged.head = std::string(64, '0');
    journal_.accept_receipt(receipt(30));
    EXPECT_THROW(journal_.accept_receipt(forged), Error);
    EXPECT_EQ(journal_.state().receipted, 30);
    const auto kept = journal_.read(21, 1).front();
    journal_.accept_receipt(tenth);
    EXPECT_NE(journal_.state().epoch, epoch);
    EXPECT_NE(journal_.why_rotated(), "");
    EXPECT_EQ(journal_.state().receipted, 0);
    const auto batch = journal_.next_batch(100);
    ASSERT_EQ(batch->airings.size(), 30U);
    EXPECT_EQ(batch->airings.front().airing, "airing-21");
    EXPECT_EQ(batch->airings.front().evidence.at(content::evidence_journal_before), kept.hash);
    EXPECT_THAT(journal_.verify(), IsEmpty());
}

TEST_F(JournalRoomTest, a_row_that_is_missing_for_another_reason_is_damage) {
    add(20);
    journal_.accept_receipt(receipt(15));
    EXPECT_EQ(journal_.make_room(0, 5), 5U);
    journal_.set_fact(facts::removed_up_to, {6, std::string(64, '0')});
    EXPECT_NE(journal_.verify(), "");
}

}  // namespace
}  // namespace riverlight::firmware
