// A board plays whatever became of its journal: what it keeps, and what it finds again.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "firmware/journal/journal.hpp"
#include "firmware/journal/salvage.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace facts = content::journal_facts;
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr auto board = "kh-pp-01";

content::AiringRecord airing(int n) {
    content::AiringRecord record;
    record.outlet = "screen";
    record.place = board;
    record.airing = "unmistakable-" + std::to_string(n);
    record.status = content::AiringStatus::aired;
    record.started = from_rfc3339("2026-11-23T06:00:00Z");
    return record;
}

class JournalForPlayingTest : public testing::Test {
  protected:
    /// Airings 1 to `last`, of which the office holds `receipted`. Without the second copy of them
    /// (record_copy_test.cpp), so that only the journal's own file can have them.
    void write(int last, int receipted = 0, const std::string& of = board) const {
        Journal journal(path_, of);
        fs::create_directory(folder_ / ("journal-copy-" + journal.state().epoch + ".jsonl"));
        for (int n = 1; n <= last; ++n) static_cast<void>(journal.add(airing(n)));
        if (receipted == 0) return;
        content::Receipt receipt;
        receipt.board = of;
        receipt.epoch = journal.state().epoch;
        receipt.held = receipted;
        receipt.head = journal.read(receipted, 1).front().hash;
        journal.accept_receipt(receipt);
    }
    void sql(const std::string& text) const {
        SQLite::Database db(path_, SQLite::OPEN_READWRITE);
        db.exec(text);
    }
    static std::vector<std::string> airings(const Journal& journal) {
        std::vector<std::string> out;
        for (const auto& record : journal.read(1, 1000)) out.push_back(record.airing.substr(13));
        return out;
    }
    std::size_t salvage(Journal& journal) const {
        JournalSalvage work(journal, folder_.path());
        int steps = 0;
        while (work.step())
            if (++steps > 10'000) break;
        return work.copied();
    }
    [[nodiscard]] std::string aside(int n = 1) const {
        return folder_ / ("journal-set-aside-" + std::to_string(n) + ".db");
    }
    test::Folder folder_;
    std::string path_ = folder_ / "journal.db";
};

TEST_F(JournalForPlayingTest, AWholeJournalIsUsedAsItIs) {
    write(3);
    const auto journal = Journal::for_playing(path_, board);
    EXPECT_THAT(airings(journal), ElementsAre("1", "2", "3"));
    EXPECT_THAT(journal.why_in_memory(), IsEmpty());
    EXPECT_FALSE(fs::exists(aside()));
}

TEST_F(JournalForPlayingTest, AJournalOfANewerFormatIsKeptAndWhatTheOfficeLacksIsCopied) {
    write(5, 2);
    sql("UPDATE note SET value='2' WHERE name='format'");
    auto journal = Journal::for_playing(path_, board);
    EXPECT_THAT(airings(journal), IsEmpty());
    EXPECT_FALSE(journal.why_rotated().empty());
    EXPECT_EQ(salvage(journal), 3);
    EXPECT_THAT(airings(journal), ElementsAre("3", "4", "5"));
    for (const auto& record : journal.read(1, 10)) EXPECT_TRUE(record.evidence.contains("journal_before"));
    EXPECT_EQ(journal.verify(), "");
    EXPECT_TRUE(fs::exists(aside()));
}

TEST_F(JournalForPlayingTest, AnotherBoardsJournalIsSetAsideAndNothingOfItIsCopied) {
    write(3, 0, "kh-pp-02");
    auto journal = Journal::for_playing(path_, board);
    EXPECT_EQ(journal.state().board, board);
    EXPECT_EQ(salvage(journal), 0);
    static_cast<void>(journal.add(airing(9)));
    EXPECT_EQ(Journal::for_playing(path_, board).state().epoch, journal.state().epoch) << "once is enough";
}

TEST_F(JournalForPlayingTest, ABoardThatGetsItsNameBackFindsItsRecordsAgain) {
    write(4, 1);
    static_cast<void>(Journal::for_playing(path_, "kh-pp-02"));  // a mistyped place
    auto journal = Journal::for_playing(path_, board);
    EXPECT_EQ(salvage(journal), 3);
    EXPECT_THAT(airings(journal), ElementsAre("2", "3", "4"));
}

TEST_F(JournalForPlayingTest, AFolderInItsPlaceIsRenamed) {
    fs::create_directory(path_);
    auto journal = Journal::for_playing(path_, board);
    EXPECT_THAT(journal.why_in_memory(), IsEmpty());
    EXPECT_EQ(journal.add(airing(1)).seq, 1);
    EXPECT_TRUE(fs::is_directory(aside()));
    EXPECT_EQ(salvage(journal), 0);
}

TEST_F(JournalForPlayingTest, AGarbledOpenAiringDoesNotKeepTheBoardFromStarting) {
    {
        Journal journal(path_, board);
        for (int n = 1; n <= 2; ++n) {
            auto open = airing(n);
            open.status.reset();
            static_cast<void>(journal.open(open));
        }
    }
    sql("UPDATE open_airing SET json='{\"airing\"' WHERE handle=1");
    auto journal = Journal::for_playing(path_, board);
    EXPECT_EQ(journal.close_interrupted("power"), 1);
    EXPECT_THAT(airings(journal), ElementsAre("2"));
}

TEST_F(JournalForPlayingTest, AGarbledHashColumnIsFound) {
    write(3);
    sql("UPDATE record SET hash='x' WHERE seq=3");
    auto journal = Journal::for_playing(path_, board);
    static_cast<void>(journal.add(airing(4)));
    EXPECT_EQ(journal.verify(), "") << "the next record must not follow a wrong hash";
    EXPECT_THAT(airings(journal), ElementsAre("1", "2", "3", "4"));
}

TEST_F(JournalForPlayingTest, RecordsBehindADamagedPageAreFoundAgain) {
    write(200);
    {
        std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        const auto page = bytes.find("unmistakable-100") / 4096 * 4096;
        file.seekp(static_cast<std::streamoff>(page));
        file << "rubbish!";  // its header: SQLite reads none of the page, and stops there
    }
    auto journal = Journal::for_playing(path_, board);
    salvage(journal);
    auto found = airings(journal);
    EXPECT_EQ(found.size(), 200) << "each record is whole in the file's bytes";
    std::sort(found.begin(), found.end());
    EXPECT_EQ(std::unique(found.begin(), found.end()), found.end()) << "and none is there twice";
    EXPECT_EQ(journal.verify(), "");
}

TEST_F(JournalForPlayingTest, AFileThatIsNoDatabaseAnyMoreStillHasItsRecords) {
    write(50);
    {
        std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
        file << std::string(100, 'x');
    }
    auto journal = Journal::for_playing(path_, board);
    salvage(journal);
    EXPECT_EQ(airings(journal).size(), 50);
}

TEST_F(JournalForPlayingTest, AFileIsReadOnceEvenAcrossEpochs) {
    write(4);
    sql("UPDATE note SET value='2' WHERE name='format'");
    auto journal = Journal::for_playing(path_, board);
    EXPECT_EQ(salvage(journal), 4);
    EXPECT_EQ(salvage(journal), 0);
    EXPECT_TRUE(journal.is_salvaged("journal-set-aside-1.db"));
    journal.rotate_epoch(5, "a test");
    EXPECT_EQ(salvage(journal), 4) << "the file set aside now: its records were not receipted";
    EXPECT_TRUE(journal.is_salvaged("journal-set-aside-1.db"));
}

TEST_F(JournalForPlayingTest, ARecordOverSeveralPagesIsFoundBySqlite) {
    {
        Journal journal(path_, board);
        auto large = airing(1);
        large.reason = std::string(1900, 'r');
        for (int n = 0; n < 30; ++n) large.evidence["figure_" + std::to_string(n)] = std::string(80, 'e');
        static_cast<void>(journal.add(large));
    }
    sql("UPDATE note SET value='2' WHERE name='format'");
    auto journal = Journal::for_playing(path_, board);
    EXPECT_EQ(salvage(journal), 1);
}

TEST_F(JournalForPlayingTest, ALockedJournalIsKeptInMemoryAndReturnsToItsFile) {
    write(2);
    auto lock = std::make_unique<SQLite::Database>(path_, SQLite::OPEN_READWRITE);
    lock->exec("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE note SET value=value;");
    auto journal = Journal::for_playing(path_, board);
    ASSERT_FALSE(journal.why_in_memory().empty());
    EXPECT_FALSE(fs::exists(aside())) << "it is whole";
    static_cast<void>(journal.add(airing(3)));
    const auto handle = journal.open(airing(4));
    journal.set_fact(facts::office_key, std::string("the office's"));
    EXPECT_FALSE(journal.return_to_file());
    EXPECT_FALSE(journal.rotate_if_damaged());
    lock.reset();
    EXPECT_TRUE(journal.return_to_file());
    EXPECT_THAT(journal.why_in_memory(), IsEmpty());
    EXPECT_THAT(airings(journal), ElementsAre("1", "2", "3"));
    EXPECT_EQ(journal.close(handle, airing(4)).seq, 4) << "under the handle that the outlet has";
    EXPECT_EQ(journal.fact(facts::office_key), "the office's");
    EXPECT_EQ(journal.verify(), "");
    EXPECT_FALSE(journal.return_to_file()) << "once";
    EXPECT_THAT(airings(Journal(path_, board)), ElementsAre("1", "2", "3", "4"));
}

TEST_F(JournalForPlayingTest, WhereNoFileCanBeMadeTheJournalIsInMemory) {
    auto journal = Journal::for_playing(folder_ / "nowhere/journal.db", board);
    EXPECT_FALSE(journal.why_in_memory().empty());
    EXPECT_EQ(journal.add(airing(1)).seq, 1);
    EXPECT_FALSE(journal.return_to_file());
    fs::create_directory(folder_ / "nowhere");
    EXPECT_TRUE(journal.return_to_file());
    EXPECT_THAT(airings(journal), ElementsAre("1"));
}

TEST_F(JournalForPlayingTest, TheLatestSureTimeSurvivesAJournalThatCannotBeUsed) {
    const auto sure = from_rfc3339("2026-11-23T06:00:00Z");
    {
        Journal journal(path_, "kh-pp-02");
        journal.set_fact(facts::latest_sure_time, *sure);
    }
    EXPECT_EQ(Journal::for_playing(path_, board).fact(facts::latest_sure_time), sure);
}

}  // namespace
}  // namespace riverlight::firmware
