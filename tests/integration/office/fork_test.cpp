// What the office learns when a board's journal is another than it was: cases 27, 37 to 39.
#include <filesystem>

#include "tests/integration/office/report_fixture.hpp"

namespace riverlight {
namespace {

namespace fs = std::filesystem;
using testing::Contains;

class ForkTest : public ReportTest {
  protected:
    /// A board that reports until all is held.
    void report() {
        const auto b = board(code_);
        ASSERT_TRUE(
            run_until([&] { return b->view().state == firmware::ReportState::reporting && all_held(); }, 60s))
            << b->view().fault;
    }
    void enrol() {
        code_ = claim();
        const auto b = board(code_);
        ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
        approve();
        ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::reporting; }));
    }
    void close_journal() { journal_ = Journal(folder_ / "elsewhere.db", "nobody"); }
    void open_journal() { journal_ = Journal(folder_ / "journal.db", "kh-pp-01"); }
    std::vector<std::string> alarms() {
        std::vector<std::string> out;
        for (const auto& alarm : records_->alarms.since({}, 100)) out.push_back(alarm.text);
        return out;
    }
    std::string code_;
};

TEST_F(ForkTest, case_39_an_older_card_that_was_put_back_is_found_and_both_histories_stand) {
    enrol();
    air(30);
    report();
    close_journal();
    fs::copy_file(folder_ / "journal.db", folder_ / "card.db");
    open_journal();
    air(20);
    report();
    close_journal();
    fs::remove(folder_ / "journal.db-wal");
    fs::remove(folder_ / "journal.db-shm");
    fs::copy_file(folder_ / "card.db", folder_ / "journal.db", fs::copy_options::overwrite_existing);
    open_journal();
    air(5);
    report();
    EXPECT_EQ(records_->airings.count({}, 1000), 55) << "30 and 20 of the first history, 5 of the second";
    EXPECT_EQ(journal_.verify(), "");
    EXPECT_THAT(alarms(), Contains(HasSubstr("seq 31 of epoch")));
    EXPECT_THAT(alarms(), Contains(HasSubstr("began a new journal")));
    EXPECT_THAT(journal_.why_rotated(), HasSubstr("copy of an older card"));
}

TEST_F(ForkTest, case_38_a_journal_that_is_gone_shows_as_a_gap) {
    enrol();
    air(12);
    report();
    close_journal();
    fs::remove(folder_ / "journal.db");
    open_journal();
    air(3);
    report();
    EXPECT_EQ(records_->airings.count({}, 100), 15);
    EXPECT_THAT(alarms(),
                Contains(HasSubstr("is held up to seq 12. What aired between them may be missing")));
}

TEST_F(ForkTest, case_37_what_a_new_journal_took_over_counts_once) {
    enrol();
    air(10);
    // The office has taken the batch, and its answer is lost.
    between_ = [&, armed = true](http::Request& request) mutable -> std::optional<http::Response> {
        if (!armed || request.path.find("/airings/") == std::string::npos) return {};
        armed = false;
        static_cast<void>(office_->answer(request));
        return http::problem(503, "about:blank", "lost", "lost");
    };
    {
        const auto b = board(code_);
        ASSERT_TRUE(run_until([&] { return records_->airings.count({}, 100) == 10; }));
    }
    between_ = nullptr;
    journal_.rotate_epoch(1, "a test");
    air(2);
    report();
    EXPECT_EQ(records_->airings.count({}, 100), 12) << "ten that are held already, and two";
    EXPECT_EQ(records_->airings.held("kh-pp-01", journal_.state().epoch).seq, 12)
        << "and their chain is whole";
}

TEST_F(ForkTest, AnOfficeThatRefusesEverythingCostsOneFileAndNoAiring) {
    enrol();
    air(20);
    std::int64_t seq = 0;
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (request.path.find("/airings/") == std::string::npos) return {};
        return http::problem(409, "urn:riverlight:conflict", "no", "no", {{"seq", seq}});
    };
    const auto aside = [&](int n) {
        return fs::exists(folder_ / ("journal-set-aside-" + std::to_string(n) + ".db"));
    };
    const auto refused = [&] {
        const auto b = board(code_);
        return run_until([&] { return b->view().state == firmware::ReportState::refused || aside(2); }, 60s);
    };
    seq = 9'000'000;  // a number that was never sent
    EXPECT_TRUE(refused());
    EXPECT_FALSE(aside(1));
    seq = 1;
    EXPECT_TRUE(refused());
    EXPECT_TRUE(aside(1));
    EXPECT_FALSE(aside(2));
    between_ = nullptr;
    report();
    EXPECT_EQ(records_->airings.count({}, 100), 20);
}

TEST_F(ForkTest, ACopiedCardAtAnotherPlaceEnrolsWithAKeyOfItsOwn) {
    enrol();
    const auto code = office::issue_claim_code(
        *records_, "kh-pp-02", "kh-pp-02",
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    Journal other(folder_ / "other.db", "kh-pp-02");
    auto copy = setup(code);
    copy.place = "kh-pp-02";
    const Reporter reporter(
        loop_, copy, other, [] { return R"({"board":"kh-pp-02","format":1})"; }, [] { return "a"; });
    ASSERT_TRUE(run_until([&] { return reporter.view().state == firmware::ReportState::pending; }));
    EXPECT_NE(records_->boards.find("kh-pp-02")->public_key, records_->boards.find("kh-pp-01")->public_key);
    EXPECT_TRUE(fs::exists(folder_ / "board.key.given-up-1")) << "the copied key is kept";
    EXPECT_THAT(alarms(), Contains(HasSubstr("was told to make its own")));
}

TEST_F(ForkTest, case_27_six_weeks_without_a_line_lose_no_airing) {
    enrol();
    constexpr int a_day = 40, days = 42;
    for (int day = 0; day < days; ++day) air(a_day);
    EXPECT_EQ(journal_.state().last, a_day * days);
    report();
    EXPECT_EQ(records_->airings.count({}, 100'000), a_day * days);
}

}  // namespace
}  // namespace riverlight
