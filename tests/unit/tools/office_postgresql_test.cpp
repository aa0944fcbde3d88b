// What only PostgreSQL has: sessions that are lost, months of airings, the address of a server.
#include <gmock/gmock.h>

#include <filesystem>
#include <set>

#include "content/base/files.hpp"
#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/database.hpp"
#include "tools/office/migrations.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Skips where the records are a file.
class PostgresqlTest : public OfficeTest {
  protected:
    void SetUp() override {
        if (!test::is_on_postgresql()) GTEST_SKIP() << "RIVERLIGHT_TEST_CLUSTER names no server";
    }
    [[nodiscard]] RecordsAddress address() const { return RecordsAddress::in_folder(folder_.path()); }
    /// Ends the sessions of the office's database but its own, as a server does that is stopped.
    void end_other_sessions() const {
        Database other(address());
        static_cast<void>(
            other.integer("SELECT COUNT(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE "
                          "datname=current_database() AND pid<>pg_backend_pid()"));
    }
};

TEST_F(PostgresqlTest, WhoeverReadsGoesOnAfterTheSessionEnded) {
    const Database reader(address(), OpenFor::reading);
    const auto count = [&] { return reader.integer("SELECT COUNT(*) FROM board"); };
    EXPECT_EQ(count(), 0);
    end_other_sessions();
    EXPECT_EQ(count(), 0);
}

TEST_F(PostgresqlTest, ATransactionWhoseSessionEndedIsLostAsAWholeAndTheNextOneIsNot) {
    Database db(address());
    const auto add = [&](const std::string& board) { db.run("INSERT INTO twins VALUES(?,'')", {board}); };
    {
        Transaction whole(db);
        add("lost");
        end_other_sessions();
        EXPECT_THROW(add("lost too"), Error);
        EXPECT_FALSE(db.is_in_transaction());
        EXPECT_THROW(add("would be kept alone"), Error);
        EXPECT_THROW(whole.commit(), Error);
    }
    {
        Transaction next(db);
        add("kept");
        next.commit();
    }
    EXPECT_EQ(db.text("SELECT MIN(board) FROM twins"), "kept");
    EXPECT_EQ(db.integer("SELECT COUNT(*) FROM twins"), 1);
}

TEST_F(PostgresqlTest, ASessionThatEndedBetweenTransactionsIsNotNoticed) {
    store_.alarms.add({noon, "kh-pp-01", "before"});
    end_other_sessions();
    store_.change([&] { store_.alarms.add({noon, "kh-pp-01", "behind"}); });
    EXPECT_EQ(store_.alarms.since(noon - 1h, 10).size(), 2U);
}

TEST_F(PostgresqlTest, AStatementThatFailedIsNeverCommittedWithTheRest) {
    Database db(address());
    {
        Transaction whole(db);
        db.run("INSERT INTO twins VALUES('a','')");
        EXPECT_THROW(db.run("INSERT INTO twins VALUES('a','')"), Error);
        EXPECT_THROW(whole.commit(), Error) << "the server takes it back, and says that it did";
    }
    EXPECT_EQ(db.integer("SELECT COUNT(*) FROM twins"), 0);
}

TEST_F(PostgresqlTest, AiringsStandInTheMonthThatTheyAreFiledUnder) {
    auto records = batch(1, 3).airings;
    records[1].planned_start = records[1].started = *from_rfc3339("2026-12-01T05:00:00Z");
    records[2].planned_start = records[2].started = *from_rfc3339("2025-12-31T20:00:00Z");
    store_.airings.add(records, {"KH", "Asia/Phnom_Penh"});
    const Database db(address(), OpenFor::reading);
    const auto months = [&] {
        std::vector<std::string> out;
        auto q = db.query("SELECT tableoid::regclass::text FROM airing ORDER BY seq");
        while (q.next()) out.push_back(q.text(0));
        return out;
    };
    EXPECT_THAT(months(), ElementsAre("airing_2026_11", "airing_2026_12", "airing_2026_01"));
    auto late = batch(4, 4).airings;
    late[0].planned_start = late[0].started = *from_rfc3339("2026-11-30T20:00:00Z");
    store_.airings.add(late, {});
    EXPECT_EQ(months().back(), "airing_2026_11");
    store_.airings.file(place_, {"KH", "Asia/Phnom_Penh"});
    EXPECT_EQ(months().back(), "airing_2026_12") << "by its place's own day";
}

TEST_F(PostgresqlTest, ARecordThatIsHeldIsNotHeldTwiceWhateverItsMonth) {
    const auto records = batch(1, 1).airings;
    const PlaceFacts place{"KH", "Asia/Phnom_Penh"};
    store_.airings.add(records, place);
    auto later = records;
    later[0].planned_start = later[0].started = *from_rfc3339("2026-12-20T05:00:00Z");
    EXPECT_THROW(store_.airings.add(later, place), Error);
    EXPECT_EQ(store_.airings.count({}, 10), 1);
    EXPECT_EQ(store_.tree.size(), 1U);
}

/// A column that one database lacks is a figure that it cannot keep.
TEST_F(PostgresqlTest, BothDatabasesHaveTheSameTablesAndColumns) {
    const auto all = [](const Database& db, const char* sql) {
        std::set<std::string> out;
        auto q = db.query(sql);
        while (q.next()) out.insert(q.text(0) + '.' + q.text(1));
        return out;
    };
    const test::Folder folder;
    const Database file(RecordsAddress::file(folder / "office.db"));
    const Database server(address(), OpenFor::reading);
    EXPECT_EQ(all(server,
                  "SELECT table_name, column_name FROM information_schema.columns WHERE "
                  "table_schema=current_schema() AND table_name<>'office_format'"),
              all(file,
                  "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE "
                  "m.type='table' AND m.name NOT LIKE 'sqlite%'"));
    EXPECT_EQ(format_of(server), database_format);
    EXPECT_EQ(format_of(file), database_format);
}

TEST_F(PostgresqlTest, RecordsOfANewerOfficeAreRefused) {
    folder_.change_records("UPDATE office_format SET format=1000");
    EXPECT_THROW(OfficeStore(folder_.path()), Error);
}

TEST(RecordsAddress, IsShownWithoutAPassword) {
    const auto shown = [](const std::string& uri) { return RecordsAddress::server(uri).shown(); };
    EXPECT_EQ(shown("postgresql://office:secret@db:5433/riverlight?sslmode=require"),
              "postgresql://office@db:5433/riverlight?sslmode=require");
    EXPECT_EQ(shown("postgresql://db:5432,other:5432/riverlight"),
              "postgresql://db:5432,other:5432/riverlight");
    EXPECT_EQ(shown("postgresql:///riverlight?user=a&password=secret&host=/run"),
              "postgresql:///riverlight?user=a&password=&host=/run");
    EXPECT_EQ(shown("postgresql:///riverlight?password=se%40cret"), "postgresql:///riverlight?password=");
}

TEST(RecordsAddress, IsWhatTheStateFolderSays) {
    const test::Folder folder;
    EXPECT_EQ(RecordsAddress::in_folder(folder.path()).text(), folder / "office.db");
    folder.write("office.toml", "database = \"postgresql://it's@/riverlight\"\n");
    EXPECT_EQ(RecordsAddress::in_folder(folder.path()).kind(), DatabaseKind::postgresql);
    EXPECT_EQ(RecordsAddress::in_folder(folder.path()).text(), "postgresql://it's@/riverlight");
    folder.write("office.toml", "# an office on its own\n");
    EXPECT_EQ(RecordsAddress::in_folder(folder.path()).kind(), DatabaseKind::sqlite);
}

TEST(RecordsAddress, APasswordIsNotReadFromAFileThatIsOpenToAll) {
    const test::Folder folder;
    const auto path = folder.write("office.toml", "database = \"postgresql://office:secret@/riverlight\"\n");
    std::filesystem::permissions(path, std::filesystem::perms{0644});
    EXPECT_THROW(static_cast<void>(RecordsAddress::in_folder(folder.path())), Error);
    std::filesystem::permissions(path, std::filesystem::perms{0640});
    EXPECT_EQ(RecordsAddress::in_folder(folder.path()).kind(), DatabaseKind::postgresql);
}

TEST(RecordsAddress, SettingsThatSayAnythingElseAreRefusedByName) {
    const test::Folder folder;
    for (const auto* text :
         {"database = 5\n", "databse = \"postgresql:///riverlight\"\n",
          "database = \"mysql://db/riverlight\"\n", "database = \"/srv/office.db\"\n", "database"}) {
        const auto path = folder.write("office.toml", text);
        try {
            static_cast<void>(RecordsAddress::in_folder(folder.path()));
            FAIL() << text;
        } catch (const Error& e) {
            EXPECT_THAT(e.what(), HasSubstr(path)) << text;
        }
    }
}

/// Records were made by them: what changes is another file.
TEST(Schema, AFileThatWasReleasedIsNeverEdited) {
    const std::map<std::string, std::string> released{
        {"sqlite/0.sql", "300d5c022db132fad3560510f3800c6ddfe25abe0daf74b5aa8401941f31b34c"},
        {"sqlite/9.sql", "5a1af0aaf26746025657556aad1420c8d58f2ec5c1b64e98827b60b138ac6811"},
        {"postgresql/8.sql", "d6a58d87ff8688896f66a738a834413cb42fdf1897ee30a6340050d89d129339"},
        {"postgresql/9.sql", "c8d497c297214dd510a6464ae0668a605263e267741b68d321743d5e53f25732"}};
    for (const auto& [file, digest] : released)
        EXPECT_EQ(sha256_hex(read_file(std::string(OFFICE_SCHEMA) + '/' + file, 1U << 20)), digest) << file;
}

}  // namespace
}  // namespace riverlight::office
