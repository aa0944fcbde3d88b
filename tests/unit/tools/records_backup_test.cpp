// Backups: one file for both databases, and what is there after it was restored.
#include "tools/office/records_backup.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/tools/kept_office.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/office.hpp"
#include "tools/office/records_check.hpp"
#include "tools/office/records_lock.hpp"
#include "tools/office/verify.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;

class BackupTest : public testing::Test {
  protected:
    BackupTest() {
        office_.live(0);
        office_.live(1);
        SigningKey::from_seed_hex(std::string(64, '1')).save(other_ / "office.key");
    }
    BackupFacts back_up() { return write_backup(folder_.path(), file_, now_); }
    static BackupFault fault_of(const std::function<void()>& work) {
        try {
            work();
        } catch (const BackupError& e) {
            return e.kind;
        }
        ADD_FAILURE() << "nothing was refused";
        return {};
    }
    RestoredRecords restore(const std::string& folder, OtherKey other_key = OtherKey::refused) {
        return restore_backup(folder, file_, other_key, now_ + 1h);
    }
    /// Without what says that they were restored.
    static std::vector<TableContent> content_of(const std::string& folder) {
        auto out = content_in(folder);
        std::erase_if(out, [](const auto& one) { return one.table == "restored" || one.table == "alarm"; });
        return out;
    }
    static std::vector<std::string> names_in(const std::string& folder) {
        std::vector<std::string> out;
        for (const auto& file : fs::directory_iterator(folder)) out.push_back(file.path().filename());
        return out;
    }
    /// Of an office with the database of the other kind, where there is one; with the same key.
    test::OfficeFolder folder_;
    test::Folder other_;
    test::Folder kept_;
    const std::string file_ = kept_ / "records.backup";
    const Instant now_ = KeptOffice::midnight(3);
    KeptOffice office_{folder_.path()};
};

TEST_F(BackupTest, HoldsEveryRowForItsOwnerAloneAndNoKey) {
    const OfficeStore serves(folder_.path());
    const auto made = back_up();
    EXPECT_EQ(made.tables, content_in(folder_.path()));
    EXPECT_EQ(fs::status(file_).permissions(), fs::perms{0600});
    const auto read = check_backup(file_);
    EXPECT_EQ(read.tables, made.tables);
    EXPECT_EQ(read.made, now_);
    EXPECT_EQ(read.office, office_.key().public_hex());
    EXPECT_EQ(read.format, database_format);
    EXPECT_THAT(names_in(kept_.path()), testing::ElementsAre("records.backup"));
}

TEST_F(BackupTest, SaysWhichOfficeSignsWhereItsKeyIsNotThere) {
    fs::remove(folder_ / "office.key");
    back_up();
    EXPECT_EQ(check_backup(file_).office, office_.key().public_hex());
    EXPECT_FALSE(fs::exists(folder_ / "office.key"));
}

TEST_F(BackupTest, ReplacesABackupAndNoOtherFile) {
    const auto before = back_up();
    office_.live(2);
    EXPECT_NE(back_up().tables, before.tables);
    EXPECT_EQ(check_backup(file_).tables, content_in(folder_.path()));
    kept_.write("letter", "dear all");
    EXPECT_EQ(fault_of([&] { write_backup(folder_.path(), kept_ / "letter", now_); }),
              BackupFault::other_file);
    EXPECT_EQ(read_file(kept_ / "letter", 100), "dear all");
}

TEST_F(BackupTest, ThatCannotBeWrittenLeavesNothing) {
    EXPECT_THROW(write_backup(folder_.path(), kept_ / "nowhere/file", now_), Error);
    fs::create_directory(kept_ / "records.backup.part");
    std::ofstream(kept_ / "records.backup.part/x") << "x";
    EXPECT_THROW(back_up(), Error);
    EXPECT_FALSE(fs::exists(file_));
}

TEST_F(BackupTest, IsRestoredIntoTheSameOfficeAndWhatWasThereStays) {
    back_up();
    const auto saved = content_of(folder_.path());
    office_.live(2);
    const auto lost = content_of(folder_.path());
    const auto restored = restore(folder_.path());
    EXPECT_EQ(content_of(folder_.path()), saved);
    EXPECT_EQ(restored.size, 6U);
    EXPECT_EQ(restored.had, 9U);
    EXPECT_TRUE(check_records(folder_.path()).findings.empty());
    if (test::is_on_postgresql()) {
        Database db(RecordsAddress::in_folder(folder_.path()));
        const auto schema =
            db.text("SELECT MAX(nspname) FROM pg_namespace WHERE nspname LIKE 'before-restore%'");
        ASSERT_TRUE(schema);
        db.run_all("SET search_path TO \"" + *schema + '"');
        const OneMoment moment(db);
        auto old = content_of_all(db);
        std::erase_if(old, [](const auto& one) { return one.table == "restored" || one.table == "alarm"; });
        EXPECT_EQ(old, lost);
    } else {
        fs::rename(restored.old_records, other_ / "office.db");
        EXPECT_EQ(content_of(other_.path()), lost);
    }
}

TEST_F(BackupTest, HasEveryIndexOfAnOfficesFile) {
    back_up();
    const auto indexes = [](const std::string& file) {
        std::set<std::string> out;
        const Database db(RecordsAddress::file(file), OpenFor::reading);
        auto q = db.query("SELECT sql FROM sqlite_schema WHERE type='index' AND sql IS NOT NULL");
        while (q.next()) out.insert(q.text(0));
        return out;
    };
    { const Database fresh(RecordsAddress::file(other_ / "office.db")); }
    EXPECT_EQ(indexes(file_), indexes(other_ / "office.db"));
}

TEST_F(BackupTest, IsRestoredIntoAFileAndIntoAServer) {
    back_up();
    const auto saved = content_of(folder_.path());
    EXPECT_EQ(restore(other_.path()).old_records, "");
    EXPECT_EQ(content_of(other_.path()), saved);
    EXPECT_TRUE(check_records(other_.path()).findings.empty());
    write_backup(other_.path(), file_, now_);
    restore(folder_.path());
    EXPECT_EQ(content_of(folder_.path()), saved);
    EXPECT_TRUE(check_records(folder_.path()).findings.empty());
}

/// A list that does not go on from the one that others saw is no secret.
TEST_F(BackupTest, ThatItWasRestoredStandsInTheRecordsAndAmongTheAlarms) {
    back_up();
    office_.live(2);
    restore(folder_.path());
    const auto notes = restores_of(folder_.path());
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].made, now_);
    EXPECT_EQ(notes[0].size, 6U);
    EXPECT_EQ(notes[0].had, 9U);
    EXPECT_EQ(OfficeStore(folder_.path()).alarms.since(now_, 10).size(), 1U);
}

TEST_F(BackupTest, AnOfficeWhoseRecordsAreDamagedIsRestoredAndTheyStay) {
    if (test::is_on_postgresql()) GTEST_SKIP() << "of a file";
    back_up();
    const auto saved = content_of(folder_.path());
    folder_.write("office.db", std::string(10'000, 'x'));
    const auto restored = restore(folder_.path());
    EXPECT_EQ(content_of(folder_.path()), saved);
    EXPECT_EQ(restored.had, std::nullopt);
    EXPECT_EQ(read_file(restored.old_records, 20'000), std::string(10'000, 'x'));
}

TEST_F(BackupTest, IsNotRestoredWhileAnOfficeServes) {
    back_up();
    const auto before = content_in(folder_.path());
    const OfficeStore serves(folder_.path());
    EXPECT_THROW(restore(folder_.path()), Error);
    EXPECT_EQ(content_in(folder_.path()), before);
}

/// Ended at each step as by a power cut.
TEST_F(BackupTest, InterruptedAnywhereTheOfficeHasTheOldRecordsOrTheNew) {
    back_up();
    const auto saved = content_of(folder_.path());
    office_.live(2);
    const auto lost = content_of(folder_.path());
    for (const auto last : {RestoreStep::taken, RestoreStep::kept, RestoreStep::replaced}) {
        const auto child = ::fork();
        if (child == 0) {
            try {
                restore_backup(folder_.path(), file_, OtherKey::refused, now_ + 1h, [&](RestoreStep step) {
                    if (step == last) ::_exit(7);
                });
            } catch (...) {  // told by the status
            }
            ::_exit(1);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_EQ(WEXITSTATUS(status), 7);
        { const OfficeStore serves(folder_.path()); }
        EXPECT_EQ(content_of(folder_.path()), last == RestoreStep::replaced ? saved : lost);
    }
    EXPECT_EQ(restore(folder_.path()).size, 6U) << "done again, it goes on";
    EXPECT_EQ(content_of(folder_.path()), saved);
}

TEST_F(BackupTest, WhatIsDamagedOrNewerOrNoBackupIsRefusedAndNothingChanges) {
    back_up();
    const auto before = content_in(folder_.path());
    const auto refused = [&](BackupFault fault) {
        EXPECT_EQ(fault_of([&] { restore(folder_.path()); }), fault);
        EXPECT_EQ(content_in(folder_.path()), before);
        EXPECT_FALSE(fs::exists(folder_ / "office.db.restoring"));
    };
    const auto whole = read_file(file_, 10U << 20);
    const auto change = [&](const std::string& sql) {
        kept_.write("records.backup", whole);
        SQLite::Database(file_, SQLite::OPEN_READWRITE).exec(sql);
    };
    change("UPDATE airing SET status='failed' WHERE seq=2");
    refused(BackupFault::damaged);
    change("DELETE FROM tree_head");
    refused(BackupFault::damaged);
    change("UPDATE office_backup SET format=1000");
    refused(BackupFault::newer);
    change("DROP TABLE office_backup");
    refused(BackupFault::no_backup);
    kept_.write("records.backup", whole.substr(0, whole.size() / 2));
    refused(BackupFault::damaged);
    kept_.write("records.backup", "dear all");
    refused(BackupFault::damaged);
    fs::remove(file_);
    refused(BackupFault::missing);
}

TEST_F(BackupTest, AnyFlippedByteOfATableIsFound) {
    back_up();
    const auto whole = read_file(file_, 10U << 20);
    const auto at = whole.find("\"airing\":\"kh-pp-01-1-1\"");
    ASSERT_NE(at, std::string::npos);
    auto flipped = whole;
    flipped[at + 20] ^= 1;
    kept_.write("records.backup", flipped);
    EXPECT_EQ(fault_of([&] { static_cast<void>(check_backup(file_)); }), BackupFault::damaged);
}

TEST_F(BackupTest, RecordsOfAnotherOfficeAreRestoredOnlyOnDemand) {
    back_up();
    fs::remove(other_ / "office.key");
    EXPECT_EQ(fault_of([&] { restore(other_.path()); }), BackupFault::other_office);
    EXPECT_FALSE(fs::exists(other_ / "office.key")) << "the right one may come yet";
    SigningKey::from_seed_hex(std::string(64, '9')).save(other_ / "office.key");
    EXPECT_EQ(fault_of([&] { restore(other_.path()); }), BackupFault::other_office);
    EXPECT_FALSE(fs::exists(other_ / "office.db"));
    EXPECT_EQ(restore(other_.path(), OtherKey::accepted).size, 6U);
    OfficeStore store(other_.path());
    EXPECT_NO_THROW(static_cast<void>(load_serving_key(store, other_.path(), noon))) << "its key signs now";
}

}  // namespace
}  // namespace riverlight::office
