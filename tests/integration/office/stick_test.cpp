// A board without a line: its journal goes to the office on a stick, the receipt comes back on the same one.
#include "content/carry/stick.hpp"

#include <filesystem>

#include "content/base/files.hpp"
#include "content/http/gzip.hpp"
#include "firmware/stick/import.hpp"
#include "tests/integration/office/report_fixture.hpp"
#include "tools/office/journal_import.hpp"

namespace riverlight {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class StickTest : public ReportTest {
  protected:
    /// The board met the office once, in the PMO's workshop, and has no line since.
    void enrol() {
        const auto b = board(claim());
        ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
        approve();
        ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::reporting; }));
    }
    StickTest() { fs::create_directories(stick_.stick); }

    firmware::StickResult at_the_board() {
        firmware::StickSetup setup;
        setup.stick = stick_.stick;
        setup.state = folder_ / "";
        setup.place = "kh-pp-01";
        return firmware::import_stick(setup, content::UpdateTime(now(), true),
                                      [](const std::string&, auto) {});
    }
    office::JournalImport at_the_office() {
        const auto key = office::load_office_key(folder_ / "office");
        office::Intake intake(*records_, key, [](const std::string&) { return office::PlaceFacts{}; });
        return office::import_journals(intake, stick_.stick, now());
    }
    static Instant now() {
        return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    }
    std::string journals() {
        const auto known = journal_.state();
        return stick_.journals(known.board, known.epoch);
    }
    std::size_t batches() {
        std::error_code ec;
        const fs::directory_iterator all(journals(), ec);
        return ec ? 0 : static_cast<std::size_t>(std::distance(fs::begin(all), fs::end(all)));
    }
    content::StickLayout stick_{folder_ / "stick"};
};

TEST_F(StickTest, AJournalTravelsAndItsReceiptComesBack) {
    enrol();
    air(1200);
    const auto given = at_the_board();
    EXPECT_FALSE(given.failed) << given.summary;
    EXPECT_EQ(given.airings, 1200);
    EXPECT_THAT(given.summary, HasSubstr("1200 airings are on the stick for the office."));
    EXPECT_EQ(batches(), 3U);
    EXPECT_EQ(records_->airings.count({}, 10'000), 0);

    const auto taken = at_the_office();
    EXPECT_THAT(taken.refusals, IsEmpty());
    EXPECT_EQ(taken.batches, 3);
    EXPECT_EQ(records_->airings.count({}, 10'000), 1200);
    EXPECT_EQ(batches(), 0U) << "what the receipt covers has left the stick";

    air(7);
    const auto back = at_the_board();
    EXPECT_FALSE(back.failed) << back.summary;
    EXPECT_EQ(back.receipted, 1200);
    EXPECT_EQ(journal_.state().receipted, 1200);
    EXPECT_EQ(back.airings, 7) << "only what the office does not hold travels again";
    EXPECT_THAT(at_the_office().refusals, IsEmpty());
    EXPECT_EQ(records_->airings.count({}, 10'000), 1207);
    EXPECT_EQ(journal_.verify(), "");
}

TEST_F(StickTest, TheSameStickAgainCountsNothingTwice) {
    enrol();
    air(30);
    static_cast<void>(at_the_board());
    fs::copy(stick_.folder(), folder_ / "copy", fs::copy_options::recursive);
    static_cast<void>(at_the_office());
    fs::copy(folder_ / "copy", stick_.folder(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    const auto again = at_the_office();
    EXPECT_THAT(again.refusals, IsEmpty());
    EXPECT_EQ(again.receipts, 1);
    EXPECT_EQ(records_->airings.count({}, 100), 30);
}

TEST_F(StickTest, AStickThatWasPulledEarlyIsFilledByTheNextVisit) {
    enrol();
    air(600);
    static_cast<void>(at_the_board());
    fs::resize_file(journals() + "/501.json.gz", 40);
    const auto half = at_the_office();
    EXPECT_THAT(half.refusals, ElementsAre(HasSubstr("board kh-pp-01: 501.json.gz: ")));
    EXPECT_EQ(records_->airings.count({}, 1000), 500) << "what is whole counts";
    EXPECT_EQ(batches(), 1U) << "what is not stays for whoever wants to know why";
    EXPECT_FALSE(at_the_board().failed);
    EXPECT_THAT(at_the_office().refusals, IsEmpty());
    EXPECT_EQ(records_->airings.count({}, 1000), 600);
}

TEST_F(StickTest, WhatAFinderChangedIsRefusedByName) {
    enrol();
    air(10);
    static_cast<void>(at_the_board());
    const auto path = journals() + "/1.json.gz";
    auto bytes = http::gunzip(read_file(path, 1U << 20), 1U << 20);
    const auto place = bytes.find("fair-work");
    ASSERT_NE(place, std::string::npos);
    bytes.replace(place, 9, "fare-work");
    content::write_and_read_back(path, http::gzip(bytes));
    EXPECT_THAT(at_the_office().refusals, ElementsAre(HasSubstr("1.json.gz")));
    EXPECT_EQ(records_->airings.count({}, 100), 0);
    EXPECT_FALSE(at_the_board().failed);
    EXPECT_THAT(at_the_office().refusals, IsEmpty()) << "the board writes its own over it";
    EXPECT_EQ(records_->airings.count({}, 100), 10);
}

TEST_F(StickTest, AReceiptOfAnotherOfficeIsNotBelieved) {
    enrol();
    air(10);
    static_cast<void>(at_the_board());
    static_cast<void>(at_the_office());
    const auto known = journal_.state();
    const auto path = stick_.receipt(known.board, known.epoch);
    auto receipt = read_file(path, 1U << 16);
    const auto held = receipt.find("\"held\":10");
    ASSERT_NE(held, std::string::npos) << receipt;
    receipt.replace(held, 9, "\"held\":99");
    content::write_and_read_back(path, receipt);
    const auto result = at_the_board();
    EXPECT_TRUE(result.failed);
    EXPECT_THAT(result.summary, HasSubstr("The office's receipt was not taken: "));
    EXPECT_EQ(journal_.state().receipted, 0);
    EXPECT_EQ(result.airings, 10) << "and the journal travels all the same";
}

TEST_F(StickTest, AnOlderStickIsNoNewsOfALoss) {
    enrol();
    air(10);
    static_cast<void>(at_the_board());
    static_cast<void>(at_the_office());
    fs::copy(stick_.folder(), folder_ / "old", fs::copy_options::recursive);
    static_cast<void>(at_the_board());
    air(5);
    static_cast<void>(at_the_board());
    static_cast<void>(at_the_office());
    static_cast<void>(at_the_board());
    ASSERT_EQ(journal_.state().receipted, 15);
    fs::copy(folder_ / "old", stick_.folder(),
             fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    EXPECT_FALSE(at_the_board().failed);
    EXPECT_EQ(journal_.state().receipted, 15);
}

TEST_F(StickTest, BatchesOfABoardThatNobodyApprovedStayOnTheStick) {
    {
        const auto b = board(claim());
        ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    }
    air(3);
    static_cast<void>(at_the_board());
    EXPECT_THAT(at_the_office().refusals, Not(IsEmpty()));
    EXPECT_EQ(batches(), 1U);
    approve();
    EXPECT_THAT(at_the_office().refusals, IsEmpty());
    EXPECT_EQ(records_->airings.count({}, 100), 3);
}

TEST_F(StickTest, ABoardThatNeverEnrolledKeepsItsJournalAndSaysSo) {
    air(3);
    const auto result = at_the_board();
    EXPECT_FALSE(result.failed);
    EXPECT_THAT(result.summary, HasSubstr("enrol it with the office"));
    EXPECT_EQ(batches(), 0U);
}

TEST_F(StickTest, AStickWithoutAChannelIsSaidToHaveNone) {
    const auto result = at_the_board();
    EXPECT_FALSE(result.failed);
    EXPECT_THAT(result.summary, HasSubstr("There is no channel on the stick."));
}

TEST_F(StickTest, case_81_WhatCannotBeLookedForIsNotTakenForMissing) {
    // A link to itself, where a damaged filesystem would answer with an error.
    fs::create_directories(stick_.folder());
    fs::create_symlink("metadata", stick_.folder() + "/metadata");
    const auto result = at_the_board();
    EXPECT_TRUE(result.failed);
    EXPECT_THAT(result.summary, HasSubstr("The stick's channel was not taken: "));
    EXPECT_THAT(result.summary, testing::Not(HasSubstr("no channel on the stick")));
}

TEST_F(StickTest, ForeignNamesOnAStickAreLeftAlone) {
    enrol();
    air(3);
    static_cast<void>(at_the_board());
    fs::create_directories(stick_.journals() + "/No Such Board/0123456789abcdef");
    fs::create_directory_symlink(stick_.journals(), stick_.journals() + "/loop");
    content::write_and_read_back(journals() + "/0.json.gz", "x");
    content::write_and_read_back(journals() + "/photo.jpg", "x");
    EXPECT_THAT(at_the_office().refusals, IsEmpty());
    EXPECT_EQ(records_->airings.count({}, 100), 3);
    EXPECT_TRUE(fs::exists(journals() + "/photo.jpg"));
}

}  // namespace
}  // namespace riverlight
