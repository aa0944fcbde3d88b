// An office's records move into another database: all of them or none, and back.
#include "tools/office/records_move.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "content/base/files.hpp"
#include "tests/support/office_folder.hpp"
#include "tests/support/refusal.hpp"
#include "tests/unit/tools/kept_records.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/records_lock.hpp"

namespace riverlight::office {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// An office with a file of SQLite, and an empty database of a server. Skips without a server.
class MoveTest : public testing::Test {
  protected:
    void SetUp() override {
        if (!test::is_on_postgresql()) GTEST_SKIP() << "RIVERLIGHT_TEST_CLUSTER names no server";
        Database db(RecordsAddress::in_folder(path_));
        fill_all_tables(db);
        before_ = content_of_records(db);
    }
    static std::vector<TableContent> content_of_records(const Database& db) {
        const OneMoment moment(db);
        return content_of_all(db);
    }
    [[nodiscard]] RecordsAddress server() const { return RecordsAddress::in_folder(target_.path()); }
    [[nodiscard]] RecordsAddress address() const { return RecordsAddress::in_folder(path_); }
    [[nodiscard]] std::vector<std::string> files_like(const std::string& part) const {
        std::vector<std::string> out;
        for (const auto& file : fs::directory_iterator(path_))
            if (file.path().filename().string().find(part) != std::string::npos)
                out.push_back(file.path().string());
        return out;
    }
    test::Folder folder_;
    const std::string path_ = folder_.path();
    test::OfficeFolder target_;
    std::vector<TableContent> before_;
};

TEST_F(MoveTest, AllRowsOfAllTablesAreInTheServerAndTheFileStaysBeside) {
    const auto moved = move_records(path_, server());
    EXPECT_EQ(address().text(), server().text());
    EXPECT_EQ(fs::status(folder_ / "office.toml").permissions(), fs::perms{0600});
    EXPECT_EQ(moved.tables, before_);
    EXPECT_EQ(content_in(path_), before_);
    EXPECT_FALSE(fs::exists(folder_ / "office.db"));
    const Database old(RecordsAddress::file(moved.old_records), OpenFor::reading);
    EXPECT_EQ(content_of_records(old), before_);
    for (const auto& table : moved.tables) EXPECT_EQ(table.rows, 3) << table.table;
}

TEST_F(MoveTest, WhatComesAfterGetsNewIdsAndItsMonth) {
    move_records(path_, server());
    Database db(address());
    const auto behind = (std::int64_t{1} << 40) + 3;
    EXPECT_GT(db.integer("INSERT INTO alarm(at, board, text) VALUES('','','') RETURNING id"), behind);
    EXPECT_GT(db.integer("INSERT INTO subject(campaign, segment, locale) VALUES('','','') RETURNING id"),
              behind);
    EXPECT_GT(db.integer("SELECT nextval('airing_id')"), behind);
    EXPECT_EQ(db.integer("SELECT COUNT(DISTINCT tableoid) FROM airing"), 3);
}

TEST_F(MoveTest, TheWayBackIsTheSame) {
    move_records(path_, server());
    const auto moved = move_records(path_, RecordsAddress::file(folder_ / "office.db"));
    EXPECT_EQ(moved.tables, before_);
    EXPECT_EQ(address().kind(), DatabaseKind::sqlite);
    EXPECT_EQ(content_in(path_), before_);
    const Database old(server(), OpenFor::reading);
    EXPECT_EQ(content_of_records(old), before_) << "the server's stays as it was";
    EXPECT_FALSE(fs::exists(folder_ / "office.db.moving"));
}

TEST_F(MoveTest, SettingsThatSayNothingOfTheDatabaseStay) {
    folder_.write("office.toml", "# ours");
    move_records(path_, server());
    EXPECT_THAT(read_file(folder_ / "office.toml", 1000),
                testing::StartsWith("# ours\ndatabase = \"postgres"));
}

/// Ended at each step as by a power cut: the office has its records, in one of the two, and the move done
/// again goes on.
TEST_F(MoveTest, InterruptedAnywhereTheOfficeHasItsRecordsAndTheMoveGoesOn) {
    for (int last = 0; last <= static_cast<int>(MoveStep::set_aside); ++last) {
        const test::Folder folder;
        fs::copy_file(folder_ / "office.db", folder / "office.db");
        const test::OfficeFolder target;
        const auto to = RecordsAddress::in_folder(target.path());
        const auto child = ::fork();
        if (child == 0) {
            try {
                move_records(folder.path(), to, [&](MoveStep step) {
                    if (static_cast<int>(step) == last) ::_exit(7);
                });
            } catch (...) {  // told by the status
            }
            ::_exit(1);
        }
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_EQ(WEXITSTATUS(status), 7) << last;
        const bool switched = last >= static_cast<int>(MoveStep::switched);
        EXPECT_EQ(RecordsAddress::in_folder(folder.path()).kind(),
                  switched ? DatabaseKind::postgresql : DatabaseKind::sqlite)
            << last;
        { const OfficeStore serves(folder.path()); }
        EXPECT_EQ(content_in(folder.path()), before_) << last;
        if (switched) continue;
        EXPECT_EQ(move_records(folder.path(), to).tables, before_) << last;
        EXPECT_EQ(content_in(folder.path()), before_) << last;
    }
}

TEST_F(MoveTest, IsRefusedWhileAnOfficeServes) {
    const OfficeStore serves(path_);
    EXPECT_THAT(test::error_of([&] { move_records(path_, server()); }), HasSubstr("stop the office"));
    EXPECT_EQ(address().kind(), DatabaseKind::sqlite);
}

TEST_F(MoveTest, IsRefusedWhileAnotherOfficeServesTheServersDatabase) {
    const OfficeStore serves(target_.path());
    EXPECT_THAT(test::error_of([&] { move_records(path_, server()); }), HasSubstr("stop the office"));
}

TEST_F(MoveTest, NoOfficeServesWhatIsBeingMoved) {
    {
        const auto moving = RecordsLock::sole(path_);
        EXPECT_THROW(OfficeStore{path_}, Error);
        EXPECT_NO_THROW(OfficeStore(path_, OpenFor::reading));
    }
    Database db(server());
    take_sole_use(db);
    EXPECT_THROW(OfficeStore{target_.path()}, Error);
}

TEST_F(MoveTest, ADatabaseThatHoldsOtherRecordsIsRefusedByName) {
    target_.change_records("INSERT INTO twins VALUES('kh-pp-01', '')");
    const auto said = test::error_of([&] { move_records(path_, server()); });
    EXPECT_THAT(said, HasSubstr("holds other records"));
    EXPECT_THAT(said, HasSubstr(server().shown()));
    EXPECT_EQ(address().kind(), DatabaseKind::sqlite);
}

TEST_F(MoveTest, ADatabaseOfAnotherProgramIsRefusedAndStaysAsItIs) {
    {
        Database db(server());
        db.run_all("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE invoice(id BIGINT)");
    }
    EXPECT_THAT(test::error_of([&] { move_records(path_, server()); }), HasSubstr("invoice"));
    const Database db(server(), OpenFor::reading);
    EXPECT_EQ(tables_of(db).size(), 1U);
}

TEST_F(MoveTest, ADatabaseOfANewerOfficeIsRefused) {
    target_.change_records("UPDATE office_format SET format=1000");
    EXPECT_THAT(test::error_of([&] { move_records(path_, server()); }), HasSubstr("format 1000"));
}

/// Offices of before quarantine took such records.
TEST_F(MoveTest, ATextThatPostgresqlCannotHoldIsRefusedByRowAndNothingMoves) {
    Database db(address());
    for (const auto* text : {"'a' || char(0)", "CAST(x'c3' AS TEXT)"}) {
        db.run_all(std::string("UPDATE alarm SET text=") + text + " WHERE id=1099511627778");
        const auto said = test::error_of([&] { move_records(path_, server()); });
        EXPECT_THAT(said, HasSubstr("table alarm, id 1099511627778: the column text"));
    }
    EXPECT_EQ(address().kind(), DatabaseKind::sqlite);
    const Database target(server(), OpenFor::reading);
    EXPECT_EQ(target.integer("SELECT COUNT(*) FROM airing"), 0);
}

/// What is compared is what was stored, not what was sent.
TEST_F(MoveTest, ACopyThatIsNotTheSameIsRefusedAndTakenBack) {
    target_.change_records(
        "CREATE FUNCTION lie() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.text := 'other'; RETURN NEW; "
        "END $$; CREATE TRIGGER lie BEFORE INSERT ON alarm FOR EACH ROW EXECUTE FUNCTION lie()");
    EXPECT_THAT(test::error_of([&] { move_records(path_, server()); }),
                HasSubstr("table alarm is not the same"));
    EXPECT_EQ(address().kind(), DatabaseKind::sqlite);
    const Database target(server(), OpenFor::reading);
    EXPECT_EQ(target.integer("SELECT COUNT(*) FROM alarm"), 0);
}

TEST(RecordTables, ADigestTellsValuesApartThatLookAlike) {
    const test::Folder folder;
    Database db(RecordsAddress::file(folder / "office.db"));
    db.run_all("CREATE TABLE thing(a TEXT, b TEXT, c BLOB, id INTEGER PRIMARY KEY)");
    std::set<std::string> digests;
    for (const auto* row : {"'', NULL, x''", "NULL, '', x''", "'ab', 'c', x''", "'a', 'bc', x''",
                            "'', '', NULL", "'n', '', x''"}) {
        db.run_all(std::string("DELETE FROM thing; INSERT INTO thing VALUES(") + row + ", 1)");
        for (const auto& table : content_of_all(db))
            if (table.table == "thing") digests.insert(table.digest);
    }
    EXPECT_EQ(digests.size(), 6U);
}

}  // namespace
}  // namespace riverlight::office
