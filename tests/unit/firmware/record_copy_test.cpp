// The second copy of what the office does not hold: a journal whose file is lost loses no airing.
#include "firmware/journal/record_copy.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

#include "firmware/journal/salvage.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::SizeIs;

const std::string board = "kh-pp-01";

content::AiringRecord airing(int n) {
    content::AiringRecord record;
    record.airing = "plan-20261123/" + std::to_string(n);
    record.place = board;
    record.segment = "fair-work";
    record.planned_start = record.planned_end = record.started =
        *from_rfc3339("2026-11-23T05:00:00Z") + std::chrono::seconds(30 * n);
    record.ended = record.planned_end;
    record.status = content::AiringStatus::aired;
    record.outlet = "screen";
    return record;
}

class RecordCopyTest : public testing::Test {
  protected:
    void write(int first, int last) const {
        Journal journal(path_, board);
        for (int n = first; n <= last; ++n) static_cast<void>(journal.add(airing(n)));
    }
    void receipt(int held) const {
        Journal journal(path_, board);
        content::Receipt receipt;
        receipt.board = board;
        receipt.epoch = journal.state().epoch;
        receipt.held = held;
        receipt.head = journal.read(held, 1).front().hash;
        journal.accept_receipt(receipt);
    }
    [[nodiscard]] std::vector<std::string> copies() const {
        return RecordCopy::find_others(folder_.path(), "none");
    }
    std::size_t salvage(Journal& journal) const {
        JournalSalvage work(journal, folder_.path());
        for (int steps = 0; work.step() && steps < 10'000;) ++steps;
        return work.copied();
    }
    static std::vector<std::string> airings(const Journal& journal) {
        std::vector<std::string> out;
        for (const auto& record : journal.read(1, 1000)) out.push_back(record.airing.substr(14));
        return out;
    }
    test::Folder folder_;
    std::string path_ = folder_ / "journal.db";
};

struct Loss {
    const char* name;
    std::function<void(const std::string& journal)> happen;
};
void PrintTo(const Loss& loss, std::ostream* out) {
    *out << loss.name;
}

class LostJournal : public RecordCopyTest, public testing::WithParamInterface<Loss> {};

TEST_P(LostJournal, leaves_every_airing_that_the_office_does_not_hold) {
    write(1, 20);
    receipt(20);
    write(21, 60);
    GetParam().happen(path_);
    auto journal = Journal::for_playing(path_, board);
    ASSERT_THAT(journal.why_in_memory(), IsEmpty());
    salvage(journal);
    std::vector<std::string> unreported;
    for (int n = 21; n <= 60; ++n) unreported.push_back(std::to_string(n));
    auto found = airings(journal);
    EXPECT_THAT(found, IsSupersetOf(unreported)) << "a file that is cut may still have others";
    std::sort(found.begin(), found.end());
    EXPECT_EQ(std::unique(found.begin(), found.end()), found.end());
    EXPECT_EQ(journal.verify(), "");
    EXPECT_EQ(salvage(journal), 0);
    EXPECT_THAT(copies(), SizeIs(1)) << "only this epoch's is left";
    GetParam().happen(path_);  // and once more, with nothing but the new copy
    journal = Journal::for_playing(path_, board);
    salvage(journal);
    EXPECT_THAT(airings(journal), IsSupersetOf(unreported));
}

INSTANTIATE_TEST_SUITE_P(
    , LostJournal,
    testing::Values(Loss{"gone", [](const auto& path) { fs::remove(path); }},
                    Loss{"empty", [](const auto& path) { fs::resize_file(path, 0); }},
                    Loss{"cut", [](const auto& path) { fs::resize_file(path, fs::file_size(path) / 2); }},
                    Loss{"cut_within_its_first_page", [](const auto& path) { fs::resize_file(path, 1000); }},
                    Loss{"a_folder", [](const auto& path) { fs::remove(path), fs::create_directory(path); }},
                    Loss{"a_link",
                         [](const auto& path) { fs::remove(path), fs::create_symlink("/nowhere", path); }}),
    [](const auto& loss) { return std::string(loss.param.name); });

TEST_F(RecordCopyTest, holds_what_the_office_lacks_and_is_empty_once_it_has_all) {
    write(1, 3);
    ASSERT_THAT(copies(), SizeIs(1));
    EXPECT_GT(fs::file_size(copies().front()), 0U);
    receipt(2);
    EXPECT_GT(fs::file_size(copies().front()), 0U);
    receipt(3);
    EXPECT_EQ(fs::file_size(copies().front()), 0U);
    EXPECT_EQ(fs::status(copies().front()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(RecordCopyTest, is_not_written_before_the_journal_has_the_record) {
    write(1, 1);
    const auto before = fs::file_size(copies().front());
    Journal journal(path_, board);
    SQLite::Database(path_, SQLite::OPEN_READWRITE)
        .exec(
            "CREATE TRIGGER full BEFORE INSERT ON record WHEN NEW.seq > 2 BEGIN SELECT RAISE(ABORT, 'full'); "
            "END");
    EXPECT_THROW(journal.add({airing(2), airing(3)}), Error)
        << "the second of the two fails, so neither is in";
    EXPECT_EQ(fs::file_size(copies().front()), before);
    static_cast<void>(journal.add(airing(2)));
    EXPECT_GT(fs::file_size(copies().front()), before);
    fs::remove(path_);
    auto next = Journal::for_playing(folder_ / "journal.db", board);
    salvage(next);
    EXPECT_THAT(airings(next), ElementsAre("1", "2"));
}

TEST_F(RecordCopyTest, a_line_that_a_power_cut_tore_costs_no_other) {
    write(1, 5);
    fs::resize_file(copies().front(), fs::file_size(copies().front()) - 40);
    fs::remove(path_);
    auto journal = Journal::for_playing(path_, board);
    salvage(journal);
    EXPECT_THAT(airings(journal), ElementsAre("1", "2", "3", "4"));
}

TEST_F(RecordCopyTest, a_salvage_that_was_stopped_goes_on_and_adds_nothing_twice) {
    write(1, 5);
    fs::remove(path_);
    {
        auto journal = Journal::for_playing(path_, board);
        JournalSalvage work(journal, folder_.path());
        EXPECT_TRUE(work.step());
        EXPECT_EQ(work.copied(), 5U);
    }
    auto journal = Journal::for_playing(path_, board);
    EXPECT_EQ(salvage(journal), 0U);
    EXPECT_THAT(airings(journal), SizeIs(5));
    EXPECT_THAT(copies(), SizeIs(1));
}

TEST_F(RecordCopyTest, another_boards_records_are_left_out_and_kept) {
    write(1, 2);
    fs::remove(path_);
    {
        auto journal = Journal::for_playing(path_, "th-bk-07");  // a typo in the settings
        EXPECT_EQ(salvage(journal), 0U);
        EXPECT_THAT(airings(journal), IsEmpty());
        EXPECT_EQ(salvage(journal), 0U);
    }
    auto corrected = Journal::for_playing(path_, board);
    EXPECT_EQ(salvage(corrected), 2U);
    EXPECT_THAT(airings(corrected), ElementsAre("1", "2"));
}

TEST_F(RecordCopyTest, a_journal_in_memory_has_none) {
    auto journal = Journal::for_playing(folder_ / "nowhere/journal.db", board);
    static_cast<void>(journal.add(airing(1)));
    EXPECT_THAT(copies(), IsEmpty());
    EXPECT_FALSE(fs::exists("journal-copy-" + journal.state().epoch + ".jsonl"));
}

}  // namespace
}  // namespace riverlight::firmware
