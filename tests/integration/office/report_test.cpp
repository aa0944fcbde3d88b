// A board's reporter and the office over a real socket, in one loop.
#include "content/http/gzip.hpp"
#include "tests/integration/office/report_fixture.hpp"

namespace riverlight {
namespace {

TEST_F(ReportTest, EnrolsWaitsForApprovalAndHandsOverWhatAired) {
    air(1200);
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    EXPECT_THAT(b->view().fault, HasSubstr(b->view().fingerprint));
    EXPECT_EQ(records_->airings.count({}, 10'000), 0);
    approve();
    ASSERT_TRUE(run_until([&] { return all_held(); }, 30s));
    EXPECT_EQ(b->view().state, firmware::ReportState::reporting);
    EXPECT_EQ(b->view().fault, "");
    EXPECT_EQ(records_->airings.count({}, 10'000), 1200);
    EXPECT_TRUE(records_->boards.find("kh-pp-01")->heard);
}

TEST_F(ReportTest, AnEnrolledBoardNeedsItsCodeNoMore) {
    {
        const auto first = board(claim());
        ASSERT_TRUE(run_until([&] { return first->view().state == firmware::ReportState::pending; }));
    }
    approve();
    air(3);
    const auto again = board("");
    ASSERT_TRUE(run_until([&] { return all_held(); }));
    EXPECT_EQ(records_->airings.count({}, 100), 3);
}

TEST_F(ReportTest, ARetiredBoardEnrolsAnewWithANewCode) {
    const auto code = claim();
    auto b = board(code);
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    records_->boards.set_state("kh-pp-01", office::BoardState::retired);
    air(2);
    b = board(code);
    ASSERT_TRUE(run_until([&] { return b->view().fault.find("retired") != std::string::npos; }));
    EXPECT_EQ(records_->airings.count({}, 100), 0);
    b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    ASSERT_TRUE(run_until([&] { return all_held(); }, 30s));
    b = board("AAAA-BBBB-CCCC-DDDD");
    air(1);
    ASSERT_TRUE(run_until([&] { return all_held(); }, 30s)) << "a wrong new code does not end an enrolment";
}

TEST_F(ReportTest, WithoutACodeOrWithAWrongOneItSaysWhatToDo) {
    const auto none = board("");
    EXPECT_EQ(none->view().state, firmware::ReportState::refused);
    EXPECT_THAT(none->view().fault, HasSubstr("claim code"));
    const auto wrong = board("AAAA-BBBB-CCCC-DDDD");
    ASSERT_TRUE(run_until([&] { return !wrong->view().fault.empty(); }));
    EXPECT_THAT(wrong->view().fault, HasSubstr("ask the office for a new one"));
}

TEST_F(ReportTest, BehindAProxyOneWhoGuessesLocksOutNobodyElse) {
    for (const bool behind_tls : {true, false}) {
        office::Office office(loop_, settings_of(behind_tls ? "proxied" : "plain", behind_tls),
                              [] { return *from_rfc3339("2026-11-24T05:00:00Z"); });
        const auto guess = [&](const std::string& from) {
            http::Request request;
            request.method = "POST";
            request.path = "/v1/enrolments";
            request.remote = "127.0.0.1";
            request.headers["x-forwarded-for"] = from;
            request.body = R"({"claim_code":"X","format":1,"place":"kh-pp-01","public_key":")" +
                           std::string(64, 'a') + R"(","version":"1"})";
            return office.answer(request).status;
        };
        for (int i = 0; i < 10; ++i)
            EXPECT_EQ(guess("203.0.113." + std::to_string(i) + ", 198.51.100.7"), 403);
        // What the sender wrote before the proxy's own word counts for nothing; without a proxy, none of it.
        EXPECT_EQ(guess("203.0.113.99, 198.51.100.7"), 429);
        EXPECT_EQ(guess("198.51.100.8"), behind_tls ? 403 : 429);
        office.stop();
    }
}

TEST_F(ReportTest, case_32_57_ALostAnswerCountsNothingTwice) {
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    int lost = 0;
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (request.path.find("/airings/") == std::string::npos || lost == 2) return std::nullopt;
        ++lost;
        static_cast<void>(office_->answer(request));  // it arrived, and its receipt did not
        return http::problem(503, "about:blank", "Lost", "");
    };
    air(20);
    ASSERT_TRUE(run_until([&] { return all_held(); }, 30s));
    EXPECT_EQ(lost, 2);
    EXPECT_EQ(records_->airings.count({}, 100), 20);
}

TEST_F(ReportTest, ABatchChangedOnItsWayIsSentAgain) {
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::reporting; }));
    bool changed = false;
    std::string said;
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (changed || request.path.find("/airings/") == std::string::npos) return std::nullopt;
        changed = true;
        request.body[request.body.size() / 2] = static_cast<char>(request.body[request.body.size() / 2] ^ 8);
        auto answer = office_->answer(request);
        said = answer.body;
        // A refusal that names the digest: the retry comes after a wait of up to 32 s, so it is not waited
        // for.
        return answer;
    };
    air(5);
    ASSERT_TRUE(run_until([&] { return changed && !b->view().fault.empty(); }));
    EXPECT_THAT(said, HasSubstr("Changed on its way"));
    EXPECT_EQ(journal_.state().receipted, 0) << "nothing is taken for held";
    EXPECT_EQ(records_->airings.count({}, 100), 0);
}

TEST_F(ReportTest, AHealthReportThatIsRefusedHoldsUpNoAiring) {
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    int status = 400;
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (!request.path.ends_with("/health")) return std::nullopt;
        auto response = http::problem(status, "urn:riverlight:malformed", "Malformed health report", "no");
        response.headers.emplace_back("Retry-After", "600");
        return response;
    };
    for (const int each : {400, 403, 500, 503}) {
        status = each;
        air(3);
        EXPECT_TRUE(run_until([&] { return all_held(); })) << each;
    }
    EXPECT_EQ(records_->airings.count({}, 100), 12);
    EXPECT_EQ(b->view().airings, firmware::ReportProblem::none);
    EXPECT_NE(b->view().health, firmware::ReportProblem::none);
    EXPECT_NE(b->view().fault, "") << "and the board says so";
}

TEST_F(ReportTest, BatchesThatAreRefusedHoldUpNoHealthReport) {
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (request.path.find("/airings/") == std::string::npos) return std::nullopt;
        return http::problem(500, "about:blank", "Broken", "no");
    };
    air(3);
    ASSERT_TRUE(run_until([&] { return b->view().airings == firmware::ReportProblem::failing; }));
    const auto heard = [&] { return records_->boards.find("kh-pp-01")->health; };
    pulse_ = "b";
    EXPECT_TRUE(run_until([&] { return !heard().empty(); }));
    EXPECT_EQ(b->view().health, firmware::ReportProblem::none);
}

/// Refuses every batch that holds the airing, as an office does that cannot read it.
class PoisonTest : public ReportTest {
  protected:
    /// `knows_set_aside`: it is an office of today.
    void refuse(const std::string& airing, bool knows_set_aside) {
        between_ = [=](http::Request& request) -> std::optional<http::Response> {
            if (request.path.find("/airings/") == std::string::npos) return std::nullopt;
            const auto text = http::gunzip(request.body, 8U << 20);
            const bool bad = text.find('"' + airing + '"') != std::string::npos ||
                             (!knows_set_aside && text.find("\"set_aside\"") != std::string::npos);
            if (!bad) return std::nullopt;
            return http::problem(400, "urn:riverlight:malformed", "Batch not taken", "not acceptable JSON");
        };
    }
    void report() {
        const auto b = board(claim());
        ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
        approve();
        ASSERT_TRUE(run_until(
            [&] { return b->view().state == firmware::ReportState::reporting && all_held(); }, 60s));
        EXPECT_EQ(b->view().airings, firmware::ReportProblem::none);
    }
    content::SetAsideNotes notes() {
        return journal_.fact(content::journal_facts::set_aside_records).value_or(content::SetAsideNotes{});
    }
};

TEST_F(PoisonTest, case_65_a_record_that_the_office_refuses_is_set_aside_and_the_rest_proceeds) {
    air(40);
    refuse("airing-17", true);
    report();
    EXPECT_EQ(records_->airings.count({}, 100), 39);
    ASSERT_EQ(notes().size(), 1U);
    const auto record = journal_.read(18, 1).at(0);
    EXPECT_EQ(record.airing, "airing-17") << "the board keeps it";
    EXPECT_EQ(notes()[0].seq, 18);
    EXPECT_EQ(notes()[0].hash, record.hash);
    EXPECT_EQ(records_->airings.hash_of("kh-pp-01", record.epoch, 18), record.hash);
    ASSERT_EQ(records_->alarms.since({}, 10).size(), 1U);
    EXPECT_THAT(records_->alarms.since({}, 10)[0].text, HasSubstr(record.hash));
    EXPECT_EQ(journal_.verify(), "");
    EXPECT_EQ(journal_.why_rotated(), "") << "in the same epoch";
}

TEST_F(PoisonTest, case_65_an_office_of_before_gets_the_rest_in_a_new_epoch) {
    air(40);
    const auto before = journal_.state().epoch;
    const auto record = journal_.read(18, 1).at(0);
    refuse("airing-17", false);
    report();
    EXPECT_EQ(records_->airings.count({}, 100), 39);
    EXPECT_NE(journal_.state().epoch, before);
    ASSERT_EQ(notes().size(), 1U);
    EXPECT_EQ(notes()[0].hash, record.hash);
    EXPECT_EQ(notes()[0].epoch, before);
    EXPECT_TRUE(std::filesystem::exists(folder_ / "journal-set-aside-1.db"));
}

TEST_F(PoisonTest, WordsThatJsonCannotHoldReachTheOfficeAsPlainText) {
    content::AiringRecord r;
    r.outlet = "screen";
    r.place = "kh-pp-01";
    r.airing = "odd";
    r.segment = "fair-work";
    r.status = content::AiringStatus::failed;
    r.reason = std::string("broken\nfilm\0\x1b[31m \xe1\x9e", 20);
    r.evidence = {{"dis\nplay", "two\nlines \xff"}};
    const auto handle = journal_.open(r);
    journal_.update(handle, r);
    static_cast<void>(journal_.close(handle, r));
    static_cast<void>(journal_.open(r));
    EXPECT_EQ(journal_.close_interrupted("x"), 0U) << "an open airing can be read, too";
    report();
    EXPECT_EQ(records_->airings.count({}, 100), 1);
    EXPECT_TRUE(notes().empty());
}

TEST_F(ReportTest, AForgedReceiptIsNotBelieved) {
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    const auto stranger = SigningKey::generate();
    bool forged = false;
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (request.path.find("/airings/") == std::string::npos) return std::nullopt;
        forged = true;
        content::Receipt receipt;
        receipt.board = "kh-pp-01";
        receipt.epoch = journal_.state().epoch;
        receipt.held = journal_.state().last;
        receipt.head = journal_.read(receipt.held, 1).at(0).hash;
        http::Response response;
        response.body = write_receipt(receipt, stranger);
        return response;
    };
    air(2);
    ASSERT_TRUE(run_until([&] {
        return forged && !b->view().fault.empty() && b->view().state != firmware::ReportState::pending;
    }));
    EXPECT_THAT(b->view().fault, HasSubstr("not signed by the office"));
    EXPECT_EQ(journal_.state().receipted, 0);
}

TEST_F(ReportTest, AnOfficeThatLostWhatItHeldGetsItAgain) {
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    air(4);
    ASSERT_TRUE(run_until([&] { return all_held(); }));
    // Its records come back from a backup made before the airings; its key and the board are in it.
    std::filesystem::create_directories(folder_ / "restored");
    std::filesystem::copy_file(folder_ / "office/office.key", folder_ / "restored/office.key");
    const auto enrolled = *records_->boards.find("kh-pp-01");
    open_office("restored");
    const auto code = claim();
    records_->boards.enrol(office::claim_code_hash(code), enrolled);
    records_->boards.set_state("kh-pp-01", office::BoardState::active);
    air(1);
    ASSERT_TRUE(run_until([&] { return records_->airings.count({}, 100) == 5; }, 30s));
    EXPECT_TRUE(run_until([&] { return all_held(); }));
}

TEST_F(ReportTest, case_64_RetryAfterIsObeyed) {
    const auto b = board(claim());
    ASSERT_TRUE(run_until([&] { return b->view().state == firmware::ReportState::pending; }));
    approve();
    std::vector<std::chrono::steady_clock::time_point> tries;
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (request.path.find("/airings/") == std::string::npos) return std::nullopt;
        tries.push_back(std::chrono::steady_clock::now());
        if (tries.size() > 1) return std::nullopt;
        auto response = http::problem(503, "about:blank", "Busy", "come back later");
        response.headers.emplace_back("Retry-After", "3");
        return response;
    };
    air(1);
    ASSERT_TRUE(run_until([&] { return all_held(); }, 30s));
    ASSERT_GE(tries.size(), 2U);
    EXPECT_GE(tries[1] - tries[0], 3s);
}

TEST_F(ReportTest, AnOfficeThatHangsDoesNotHoldTheBoardsEnd) {
    // A listener that never answers.
    boost::asio::ip::tcp::acceptor silent(loop_, {boost::asio::ip::make_address("127.0.0.1"), 0});
    auto deaf = setup("AAAA-BBBB-CCCC-DDDD");
    deaf.url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    auto b = std::make_unique<Reporter>(
        loop_, deaf, journal_, [] { return "{}"; }, [] { return ""; });
    ASSERT_TRUE(run_until([&] { return b->is_busy(); }));
    const auto start = std::chrono::steady_clock::now();
    b->stop();
    b.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

}  // namespace
}  // namespace riverlight
