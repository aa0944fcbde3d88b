// Records of every format that an office ever wrote (tests/data/office) are opened, and are the same
// afterwards.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include "content/base/files.hpp"
#include "tests/support/office_folder.hpp"
#include "tests/unit/tools/kept_records.hpp"
#include "tools/office/migrations.hpp"
#include "tools/office/records_check.hpp"
#include "tools/office/records_move.hpp"

namespace riverlight::office {
namespace {

std::string statements(const std::string& name) {
    return read_file(std::string(OFFICE_DATA) + '/' + name + ".sql", 1U << 20);
}

/// An office whose file was written in that format.
class OldOffice {
  public:
    explicit OldOffice(int format) {
        SQLite::Database db(folder_ / "office.db", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        db.exec(statements("format-" + std::to_string(format)));
    }
    [[nodiscard]] std::string path() const { return folder_.path(); }
    /// Opened by an office of today.
    [[nodiscard]] std::vector<TableContent> opened() const {
        { const OfficeStore opens(path()); }
        return content_in(path());
    }

  private:
    test::Folder folder_;
};

/// Of the same office, but for rows that only a dump of a later format has; those are there, too.
void expect_same(std::vector<TableContent> content, int format) {
    const std::map<std::string, int> since{
        {"trace", 2}, {"twins", 2}, {"device", 5}, {"applicant", 5}, {"batch_signature", 8}};
    auto first = OldOffice(0).opened();
    ASSERT_EQ(content.size(), first.size());
    for (std::size_t i = 0; i < content.size(); ++i) {
        const auto added = since.find(content[i].table);
        if (added == since.end())
            EXPECT_EQ(content[i], first[i]) << content[i].table;
        else
            EXPECT_EQ(content[i].rows, format >= added->second ? 1 : 0) << content[i].table;
    }
}

void expect_whole(const std::string& folder) {
    for (const auto& finding : check_records(folder).findings)
        ADD_FAILURE() << finding.where << ": " << finding.what;
}

class FormatsTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(All, FormatsTest, testing::Range(0, database_format));

TEST_P(FormatsTest, IsOpenedWithAllItsRows) {
    const OldOffice office(GetParam());
    expect_same(office.opened(), GetParam());
    const OfficeStore store(office.path());
    EXPECT_EQ(store.airings.count({}, 100), 4);
    EXPECT_EQ(store.tree.size(), 5U);
    EXPECT_EQ(store.alarms.since(Instant{}, 10).size(), 1U);
    EXPECT_EQ(store.plans.places_of(*date_from_iso("2026-11-29")).size(), 1U);
    expect_whole(office.path());
}

TEST_P(FormatsTest, MovesIntoAServer) {
    if (!test::is_on_postgresql()) GTEST_SKIP() << "RIVERLIGHT_TEST_CLUSTER names no server";
    const OldOffice office(GetParam());
    const test::OfficeFolder target;
    const auto moved = move_records(office.path(), RecordsAddress::in_folder(target.path()));
    expect_same(moved.tables, GetParam());
    expect_whole(office.path());
}

/// Formats of a server: each is the first with the steps behind it.
class FormatsOfServer : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(All, FormatsOfServer, testing::Range(8, database_format));

TEST_P(FormatsOfServer, IsOpenedWithAllItsRows) {
    if (!test::is_on_postgresql()) GTEST_SKIP() << "RIVERLIGHT_TEST_CLUSTER names no server";
    const test::OfficeFolder folder;
    {
        Database db(RecordsAddress::in_folder(folder.path()));
        db.run_all("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        db.run_all("CREATE TABLE office_format(format BIGINT NOT NULL); INSERT INTO office_format VALUES(" +
                   std::to_string(GetParam()) + ')');
        for (int format = 8; format <= GetParam(); ++format)
            db.run_all(read_file(
                std::string(OFFICE_SCHEMA) + "/postgresql/" + std::to_string(format) + ".sql", 1U << 20));
        db.run_all(statements("postgresql-8"));
        ASSERT_EQ(format_of(db), GetParam());
    }
    const OfficeStore opens(folder.path());
    const Database db(RecordsAddress::in_folder(folder.path()), OpenFor::reading);
    EXPECT_EQ(format_of(db), database_format);
    expect_same(content_in(folder.path()), 8);
    expect_whole(folder.path());
}

}  // namespace
}  // namespace riverlight::office
