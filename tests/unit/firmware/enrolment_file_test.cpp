// A board's key and enrolment outlive a damaged file, and the loss of the journal.
#include "firmware/report/enrolment_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "firmware/journal/journal.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
namespace fs = std::filesystem;

constexpr auto board = "kh-pp-01";
const std::string office(64, 'a'), claim(64, 'b');

unsigned mode_of(const std::string& path) {
    struct stat s {};
    return ::stat(path.c_str(), &s) == 0 ? s.st_mode & 0777 : 0;
}

class BoardKeyTest : public testing::Test {
  protected:
    void ruin(const std::string& path, const std::string& with = "rubbish") const {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << with;
    }
    test::Folder folder_;
    std::string path_ = folder_ / "board.key", copy_ = path_ + ".copy";
};

TEST_F(BoardKeyTest, IsMadeOnceInTwoFiles) {
    const auto made = load_board_key(path_);
    EXPECT_FALSE(made.is_replacement);
    EXPECT_EQ(load_board_key(path_).key.public_hex(), made.key.public_hex());
    EXPECT_EQ(SigningKey::load(copy_).public_hex(), made.key.public_hex());
    EXPECT_EQ(mode_of(path_), 0600);
    EXPECT_EQ(mode_of(copy_), 0600);
}

TEST_F(BoardKeyTest, EitherFileMakesTheOtherGoodAgain) {
    const auto key = load_board_key(path_).key.public_hex();
    for (const auto& file : {path_, copy_})
        for (const auto* with : {"", "rubbish", "{\"format\":1}"}) {
            ruin(file, with);
            const auto again = load_board_key(path_);
            EXPECT_EQ(again.key.public_hex(), key);
            EXPECT_FALSE(again.is_replacement);
            EXPECT_EQ(SigningKey::load(file).public_hex(), key);
        }
    fs::remove(path_);
    fs::create_directory(path_);
    EXPECT_EQ(load_board_key(path_).key.public_hex(), key);
    EXPECT_TRUE(fs::exists(path_ + ".unreadable-1"));
}

TEST_F(BoardKeyTest, OnlyIfBothAreLostANewOneIsMade) {
    const auto key = load_board_key(path_).key.public_hex();
    ruin(path_);
    ruin(copy_, "");
    const auto next = load_board_key(path_);
    EXPECT_TRUE(next.is_replacement);
    EXPECT_NE(next.key.public_hex(), key);
    EXPECT_FALSE(load_board_key(path_).is_replacement);
}

TEST_F(BoardKeyTest, AKeyThatOthersMayReadIsRefusedAndStays) {
    const auto key = load_board_key(path_).key.public_hex();
    ::chmod(path_.c_str(), 0644);
    try {
        static_cast<void>(load_board_key(path_));
        FAIL();
    } catch (const KeyError& e) {
        EXPECT_EQ(e.kind, KeyFault::exposed);
    }
    ::chmod(path_.c_str(), 0600);
    EXPECT_EQ(load_board_key(path_).key.public_hex(), key);
}

class EnrolmentFileTest : public testing::Test {
  protected:
    Journal enrolled() const {
        Journal journal(folder_ / "journal.db", board);
        journal.set_fact(facts::office_key, office);
        journal.set_fact(facts::used_claim, claim);
        return journal;
    }
    test::Folder folder_;
    std::string path_ = enrolment_path(folder_.path(), board);
    BoardKey key_ = load_board_key(folder_ / "board.key");
};

TEST_F(EnrolmentFileTest, SurvivesTheLossOfTheJournal) {
    {
        auto journal = enrolled();
        reconcile_enrolment(journal, path_, key_);
    }
    EXPECT_EQ(mode_of(path_), 0600);
    fs::remove(folder_ / "journal.db");
    Journal journal(folder_ / "journal.db", board);
    reconcile_enrolment(journal, path_, key_);
    EXPECT_EQ(journal.fact(facts::office_key), office);
    EXPECT_EQ(journal.fact(facts::used_claim), claim);
}

TEST_F(EnrolmentFileTest, ADamagedFileIsWrittenAgainFromTheJournal) {
    auto journal = enrolled();
    for (const auto* text :
         {"", "{}", "{\"format\":1,\"office_key\":\"zz\",\"used_claim\":\"\",\"board_key\":\"\"}"}) {
        std::ofstream(path_, std::ios::trunc) << text;
        EXPECT_EQ(read_enrolment_file(path_), std::nullopt);
        reconcile_enrolment(journal, path_, key_);
        EXPECT_EQ(read_enrolment_file(path_), (KeptEnrolment{office, claim, key_.key.public_hex()}));
    }
}

TEST_F(EnrolmentFileTest, AnEnrolmentWithAnotherKeyIsForgotten) {
    auto journal = enrolled();
    write_enrolment_file(path_, {office, claim, std::string(64, 'c')});
    reconcile_enrolment(journal, path_, key_);
    EXPECT_EQ(journal.fact(facts::office_key), std::nullopt);
    EXPECT_EQ(journal.fact(facts::used_claim), std::nullopt);
}

TEST_F(EnrolmentFileTest, AReplacedKeyIsNotEnrolledEvenWithoutAFile) {
    auto journal = enrolled();
    key_.is_replacement = true;
    reconcile_enrolment(journal, path_, key_);
    EXPECT_EQ(journal.fact(facts::office_key), std::nullopt);
    EXPECT_FALSE(fs::exists(path_));
}

}  // namespace
}  // namespace riverlight::firmware
