// The office's one door to its records: kept statements, typed values and transactions.
#include <gtest/gtest.h>

#include <filesystem>

#include "content/base/error.hpp"
#include "tests/support/folder.hpp"
#include "tools/office/database.hpp"

namespace riverlight::office {
namespace {

class DatabaseTest : public testing::Test {
  protected:
    DatabaseTest() {
        db_.run_all("CREATE TABLE thing(id INTEGER PRIMARY KEY, name TEXT, size INTEGER, bytes BLOB)");
    }
    void add(const std::string& name, std::int64_t size) {
        db_.run("INSERT INTO thing(name, size) VALUES(?,?)", {name, size});
    }
    std::vector<std::string> names() {
        std::vector<std::string> out;
        auto rows = db_.query("SELECT name FROM thing ORDER BY id");
        while (rows.next()) out.push_back(rows.text(0));
        return out;
    }
    test::Folder folder_;
    Database db_{folder_ / "office.db"};
};

using Names = std::vector<std::string>;

TEST_F(DatabaseTest, ValuesComeBackAsTheyWereStored) {
    const std::string zeros("a\0b", 3);
    const auto id = db_.integer("INSERT INTO thing(name, size, bytes) VALUES(?,?,?) RETURNING id",
                                {"Ngày mới", std::int64_t{1} << 62, Bytes{zeros}});
    auto row = db_.query("SELECT name, size, bytes, NULL FROM thing WHERE id=?", {*id});
    ASSERT_TRUE(row.next());
    EXPECT_EQ(row.text(0), "Ngày mới");
    EXPECT_EQ(row.integer(1), std::int64_t{1} << 62);
    EXPECT_EQ(row.bytes(2), zeros);
    EXPECT_TRUE(row.is_null(3));
    EXPECT_EQ(row.text(3), "");
    EXPECT_FALSE(row.next());
}

TEST_F(DatabaseTest, EmptyIsNotNullAndWhatIsAbsentIs) {
    db_.run("INSERT INTO thing(name, size, bytes) VALUES(?,?,?)", {std::string_view(), nullptr, Bytes{}});
    auto row = db_.query("SELECT name, size, bytes FROM thing");
    ASSERT_TRUE(row.next());
    EXPECT_FALSE(row.is_null(0));
    EXPECT_TRUE(row.is_null(1));
    EXPECT_FALSE(row.is_null(2));
}

TEST_F(DatabaseTest, NoValueOfAnEarlierUseStays) {
    const auto insert = "INSERT INTO thing(name, size) VALUES(?,?)";
    db_.run(insert, {"a", 1});
    db_.run(insert, {"b"});
    EXPECT_EQ(db_.integer("SELECT COUNT(*) FROM thing WHERE size IS NULL"), 1);
}

TEST_F(DatabaseTest, AQuestionMayBeAskedWhileItsRowsAreRead) {
    for (const auto* name : {"a", "b", "c"}) add(name, 1);
    const auto ask = [&] { return db_.query("SELECT name FROM thing WHERE size=? ORDER BY id", {1}); };
    Names inner;
    auto outer = ask();
    while (outer.next()) {
        auto rows = ask();
        ASSERT_TRUE(rows.next());
        inner.push_back(rows.text(0) + outer.text(0));
    }
    EXPECT_EQ(inner, (Names{"aa", "ab", "ac"}));
}

TEST_F(DatabaseTest, RowsThatAreNotReadToTheirEndHoldNothing) {
    for (const auto* name : {"a", "b"}) add(name, 1);
    {
        auto rows = db_.query("SELECT name FROM thing");
        ASSERT_TRUE(rows.next());
    }
    EXPECT_NO_THROW(db_.run_all("DROP TABLE thing"));
}

TEST_F(DatabaseTest, AStatementThatFailedIsReadyForTheNextTime) {
    const auto insert = "INSERT INTO thing(id, name) VALUES(?,?)";
    db_.run(insert, {1, "a"});
    EXPECT_THROW(db_.run(insert, {1, "b"}), Error);
    EXPECT_EQ(db_.run(insert, {2, "c"}), 1);
    EXPECT_EQ(names(), (Names{"a", "c"}));
}

TEST_F(DatabaseTest, AnErrorNamesTheFile) {
    try {
        db_.run("INSERT INTO nothing VALUES(1)");
        FAIL() << "there is no such table";
    } catch (const Error& e) {
        EXPECT_NE(std::string(e.what()).find(db_.path), std::string::npos) << e.what();
    }
}

TEST_F(DatabaseTest, MoreStatementsThanAreKeptWorkToo) {
    add("a", 1);
    auto rows = db_.query("SELECT name FROM thing");
    for (int i = 0; i < 600; ++i) EXPECT_EQ(db_.integer("SELECT " + std::to_string(i) + " FROM thing"), i);
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "a");
}

TEST_F(DatabaseTest, APartOfATransactionIsTakenBackAlone) {
    {
        Transaction whole(db_);
        add("kept", 1);
        {
            const Transaction part(db_);
            add("taken back", 1);
        }
        {
            Transaction part(db_);
            add("kept too", 1);
            part.commit();
        }
        whole.commit();
    }
    {
        const Transaction whole(db_);
        add("gone", 1);
    }
    EXPECT_FALSE(db_.is_in_transaction());
    EXPECT_EQ(names(), (Names{"kept", "kept too"}));
}

TEST_F(DatabaseTest, AReaderSeesWhatIsCommittedAndWritesNothing) {
    add("a", 1);
    Database reader(folder_ / "office.db", OpenFor::reading);
    EXPECT_EQ(reader.text("SELECT name FROM thing"), "a");
    EXPECT_THROW(reader.run("DELETE FROM thing"), Error);
}

TEST(DatabaseFileTest, ANewFileIsItsOwnersAlone) {
    const test::Folder folder;
    const Database db(folder / "office.db");
    using std::filesystem::perms;
    const auto others = perms::group_all | perms::others_all;
    for (const auto* file : {"office.db", "office.db-wal"})
        EXPECT_EQ(std::filesystem::status(folder / file).permissions() & others, perms::none) << file;
}

TEST(DatabaseFileTest, AFileThatIsNoDatabaseIsNamed) {
    const test::Folder folder;
    const auto path = folder / "office.db";
    folder.write("office.db", std::string(5000, 'x'));
    try {
        const Database db(path);
        FAIL() << "it was opened";
    } catch (const Error& e) {
        EXPECT_NE(std::string(e.what()).find(path), std::string::npos) << e.what();
    }
}

}  // namespace
}  // namespace riverlight::office
