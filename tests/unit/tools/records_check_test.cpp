// What 'riverlight-office check' finds.
#include "tools/office/records_check.hpp"

#include <gmock/gmock.h>

#include "tests/unit/tools/kept_office.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class CheckTest : public testing::Test {
  protected:
    CheckTest() {
        office_.live(0);
        office_.live(1);
    }
    /// The faults that are found, each once.
    std::set<CheckFault> faults() {
        std::set<CheckFault> out;
        for (const auto& finding : check_records(folder_.path()).findings) out.insert(finding.fault);
        return out;
    }
    test::OfficeFolder folder_;
    KeptOffice office_{folder_.path()};
};

TEST_F(CheckTest, FindsNothingInAnOfficeThatServes) {
    const OfficeStore serves(folder_.path());
    for (const auto& finding : check_records(folder_.path()).findings)
        ADD_FAILURE() << finding.where << ": " << finding.what;
}

TEST_F(CheckTest, FindsEachKindOfFaultByItsName) {
    struct Case {
        const char *sql, *back;
        std::set<CheckFault> faults;
    };
    const std::string hash = "0000000000000000000000000000000000000000000000000000000000000000";
    for (const auto& [sql, back, wanted] : {
             Case{"UPDATE day_sum SET aired=aired+1", "UPDATE day_sum SET aired=aired-1", {CheckFault::sum}},
             Case{"UPDATE country_sum SET shown_ms=shown_ms+1",
                  "UPDATE country_sum SET shown_ms=shown_ms-1",
                  {CheckFault::sum}},
             Case{"UPDATE day_reason SET count=count+1",
                  "UPDATE day_reason SET count=count-1",
                  {CheckFault::sum}},
             Case{"UPDATE airing_count SET count=count+1",
                  "UPDATE airing_count SET count=count-1",
                  {CheckFault::count}},
             Case{"UPDATE board_airing_count SET count=count+1",
                  "UPDATE board_airing_count SET count=count-1",
                  {CheckFault::count}},
             Case{"INSERT INTO session VALUES('t', 'nobody', '', '')",
                  "DELETE FROM session",
                  {CheckFault::reference}},
             Case{"INSERT INTO placed VALUES(99, '', '', 0)", "DELETE FROM placed", {CheckFault::reference}},
             Case{"UPDATE tree_entry SET idx=idx+1", "UPDATE tree_entry SET idx=idx-1", {CheckFault::list}},
             Case{"UPDATE airing SET place='kh-pp-02' WHERE seq=2",
                  "UPDATE airing SET place='kh-pp-01' WHERE seq=2",
                  {CheckFault::record, CheckFault::sum}},
         }) {
        folder_.change_records(sql);
        EXPECT_EQ(faults(), wanted) << sql;
        folder_.change_records(back);
    }
    EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(CheckTest, ARecordThatIsGoneIsMissedByAllWhoNameIt) {
    folder_.change_records("DELETE FROM airing WHERE seq=4");
    EXPECT_THAT(faults(), ElementsAre(CheckFault::record, CheckFault::list, CheckFault::sum,
                                      CheckFault::count, CheckFault::reference));
}

TEST_F(CheckTest, ADayWithoutItsPlanIsNamed) {
    folder_.change_records("DELETE FROM kept_plan WHERE day='2026-09-21'");
    EXPECT_THAT(faults(), ElementsAre(CheckFault::reference));
}

TEST_F(CheckTest, RecordsOfAnotherFormatAreNotRead) {
    folder_.change_records(test::is_on_postgresql() ? "UPDATE office_format SET format=1000"
                                                    : "PRAGMA user_version=1000");
    EXPECT_THAT(faults(), ElementsAre(CheckFault::format));
}

TEST_F(CheckTest, AnIndexThatDoesNotFitItsTableIsFound) {
    if (test::is_on_postgresql()) {
        Database db(RecordsAddress::in_folder(folder_.path()));
        db.run_all("CREATE EXTENSION amcheck");
        EXPECT_THAT(check_records(folder_.path()).not_checked, IsEmpty());
        // A row that its index does not know, as after a page that was lost.
        db.run_all(
            "UPDATE pg_index SET indisready=false WHERE indexrelid='alarm_pkey'::regclass; "
            "INSERT INTO alarm(id, at, board, text) VALUES(5, '', '', ''); "
            "UPDATE pg_index SET indisready=true WHERE indexrelid='alarm_pkey'::regclass");
    } else {
        const Database db(RecordsAddress::in_folder(folder_.path()));
        Database raw(RecordsAddress::in_folder(folder_.path()));
        raw.run_all(
            "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql='CREATE INDEX airing_hash ON "
            "airing(status)' WHERE name='airing_hash'; PRAGMA writable_schema=RESET");
    }
    EXPECT_TRUE(faults().contains(CheckFault::damaged));
}

}  // namespace
}  // namespace riverlight::office
