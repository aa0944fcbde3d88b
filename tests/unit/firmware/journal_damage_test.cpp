// Damaged and missing journal files: cases 37 and 38.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "firmware/journal/journal.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr auto board = "kh-pp-01";

class JournalDamageTest : public testing::Test {
  protected:
    static content::AiringRecord airing(int n) {
        content::AiringRecord record;
        record.outlet = "screen";
        record.place = board;
        record.airing = "unmistakable-" + std::to_string(n);
        record.status = content::AiringStatus::aired;
        record.started = from_rfc3339("2026-11-23T06:00:00Z");
        return record;
    }
    /// Ten airings, of which the office holds four; all in the file, none in its log.
    std::string written() {
        const auto office = SigningKey::from_seed_hex(std::string(64, '1'));
        Journal journal(path_, board);
        journal.set_fact(content::journal_facts::office_key, std::string("the office's"));
        for (int n = 1; n <= 10; ++n) static_cast<void>(journal.add(airing(n)));
        content::Receipt receipt;
        receipt.board = board;
        receipt.epoch = journal.state().epoch;
        receipt.held = 4;
        receipt.head = journal.read(4, 1).front().hash;
        journal.accept_receipt(receipt);
        return receipt.epoch;
    }
    void flip(const std::string& file, std::uint64_t at) {
        std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekg(static_cast<std::streamoff>(at));
        const auto was = bytes.get();
        bytes.seekp(static_cast<std::streamoff>(at));
        bytes.put(static_cast<char>(was ^ 0x10));
    }
    [[nodiscard]] std::uint64_t offset_of(const std::string& words) const {
        std::ifstream file(path_, std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        const auto at = bytes.find(words);
        EXPECT_NE(at, std::string::npos) << words;
        return at;
    }
    static std::vector<std::string> airings(const Journal& journal) {
        std::vector<std::string> out;
        for (const auto& record : journal.read(1, 100)) out.push_back(record.airing.substr(13));
        return out;
    }
    test::Folder folder_;
    std::string path_ = folder_ / "journal.db";
};

TEST_F(JournalDamageTest, case_37_a_bit_that_flipped_begins_a_new_epoch_with_what_is_whole) {
    const auto epoch = written();
    flip(path_, offset_of("\"airing\":\"unmistakable-7") + 11);
    Journal journal(path_, board);
    EXPECT_NE(journal.state().epoch, epoch);
    EXPECT_EQ(journal.state().receipted, 0);
    EXPECT_THAT(airings(journal), testing::ElementsAre("5", "6", "8", "9", "10"))
        << "all that the office does not hold, but the damaged one";
    EXPECT_EQ(journal.verify(), "");
    EXPECT_THAT(journal.why_rotated(), HasSubstr("seq 7"));
    EXPECT_THAT(journal.why_rotated(), HasSubstr("kept as journal-set-aside-1.db"));
    EXPECT_EQ(journal.fact(content::journal_facts::office_key), "the office's");
    EXPECT_TRUE(fs::exists(folder_ / "journal-set-aside-1.db"));
    EXPECT_EQ(journal.add(airing(11)).seq, 6);
    EXPECT_EQ(Journal(path_, board).state().epoch, journal.state().epoch) << "once is enough";
}

TEST_F(JournalDamageTest, case_37_damage_of_a_receipted_record_needs_no_new_epoch) {
    const auto epoch = written();
    flip(path_, offset_of("\"airing\":\"unmistakable-2") + 11);
    const Journal journal(path_, board);
    EXPECT_EQ(journal.state().epoch, epoch) << "the office holds it";
    EXPECT_THAT(journal.verify(), HasSubstr("seq 2"));
}

TEST_F(JournalDamageTest, case_37_any_byte_of_the_file) {
    written();
    const auto size = fs::file_size(path_);
    const auto whole = folder_ / "whole.db";
    fs::copy_file(path_, whole);
    for (std::uint64_t at = 0; at < size; at += 97) {
        SCOPED_TRACE("byte " + std::to_string(at));
        for (const auto& entry : fs::directory_iterator(folder_ / ""))
            if (entry.path().filename() != "whole.db") fs::remove(entry.path());
        fs::copy_file(whole, path_);
        flip(path_, at);
        Journal journal(path_, board);
        const auto next = journal.add(airing(11));
        EXPECT_EQ(next.board, board);
        EXPECT_EQ(journal.read(next.seq, 1).front().airing, "unmistakable-11") << "the board plays on";
        if (HasFailure()) return;
    }
}

TEST_F(JournalDamageTest, case_37_a_foreign_write_ahead_log_and_a_file_that_is_no_database) {
    written();
    std::ofstream(path_ + "-wal", std::ios::binary) << std::string(5000, 'x');
    EXPECT_EQ(Journal(path_, board).add(airing(11)).seq, 11) << "SQLite ignores a log that does not fit";
    std::ofstream(path_, std::ios::binary) << std::string(20'000, 'x');
    Journal journal(path_, board);
    EXPECT_EQ(journal.add(airing(12)).seq, 1);
    EXPECT_EQ(journal.state().board, board);
    EXPECT_THAT(journal.why_rotated(), HasSubstr("damaged"));
}

TEST_F(JournalDamageTest, case_37_while_the_board_plays) {
    Journal journal(path_, board);
    std::vector<content::AiringRecord> many;  // more than SQLite keeps in memory
    for (int n = 1; n <= 6000; ++n) many.push_back(airing(n));
    journal.add(many);
    const auto handle = journal.open(airing(6001));
    EXPECT_FALSE(journal.rotate_if_damaged());
    {
        std::fstream bytes(path_, std::ios::in | std::ios::out | std::ios::binary);
        bytes.seekp(4096);
        bytes << std::string(fs::file_size(path_) - 4096, 'x');
        ASSERT_EQ(::truncate((path_ + "-wal").c_str(), 0), 0);
    }
    EXPECT_THROW(static_cast<void>(journal.read(1, 6000)), JournalDamaged);
    EXPECT_TRUE(journal.rotate_if_damaged());
    EXPECT_NO_THROW(static_cast<void>(journal.add(airing(6002))));
    EXPECT_EQ(journal.verify(), "");
    EXPECT_FALSE(journal.rotate_if_damaged());
    static_cast<void>(handle);
}

TEST_F(JournalDamageTest, AnOpenAiringKeepsItsHandleAcrossARotation) {
    Journal journal(path_, board);
    static_cast<void>(journal.add(airing(1)));
    const auto handle = journal.open(airing(2));
    journal.rotate_epoch(1, "a test");
    EXPECT_EQ(journal.close(handle, airing(2)).seq, 2);
    EXPECT_EQ(journal.verify(), "");
}

TEST_F(JournalDamageTest, APowerCutBetweenTheTwoFilesEndsInTheNewOne) {
    const auto epoch = written();
    std::string fresh;
    {
        Journal journal(path_, board);
        journal.rotate_epoch(5, "a test");
        fresh = journal.state().epoch;
    }
    // As the folder looks if the power goes after the old file was moved: its log is still there.
    fs::rename(path_, path_ + ".new");
    std::ofstream(path_ + "-wal", std::ios::binary) << "of the old one";
    Journal journal(path_, board);
    EXPECT_EQ(journal.state().epoch, fresh);
    EXPECT_EQ(journal.state().last, 6);
    EXPECT_TRUE(fs::exists(folder_ / "journal-set-aside-2.db-wal"));
    EXPECT_NE(fresh, epoch);
}

TEST_F(JournalDamageTest, AReaderSetsNothingAside) {
    written();
    std::ofstream(path_, std::ios::binary) << std::string(20'000, 'x');
    EXPECT_THROW(content::JournalReader reader(path_), JournalDamaged);
    EXPECT_FALSE(fs::exists(folder_ / "journal-set-aside-1.db"));
}

TEST_F(JournalDamageTest, case_38_a_journal_that_is_gone_does_not_begin_again_at_one) {
    const auto epoch = written();
    fs::remove(path_);
    Journal journal(path_, board);
    EXPECT_EQ(journal.add(airing(11)).seq, 1);
    EXPECT_THAT(journal.state().epoch, Not(testing::StrEq(epoch)))
        << "a new epoch: the office sees the gap (fork_test.cpp)";
}

}  // namespace
}  // namespace riverlight::firmware
