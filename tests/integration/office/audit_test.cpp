// A board finds out what its office does to records that it already received. Both are real, in one loop.
#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/integration/office/report_fixture.hpp"
#include "tools/office/database.hpp"
#include "tools/office/tree_appender.hpp"

namespace riverlight {
namespace {

namespace facts = content::journal_facts;
using content::AuditResult;

class AuditTest : public ReportTest {
  protected:
    /// Enrols a board, and lets it report `count` airings and audit the office.
    void report(int count) {
        {
            const auto first = board(claim());
            ASSERT_TRUE(run_until([&] { return first->view().state == firmware::ReportState::pending; }));
            approve();
        }
        air(count);
        ASSERT_TRUE(audits());
    }
    /// The board starts again: it reports what it has, and audits. Whether it did; `found_` is what it found.
    bool audits() {
        const auto before = journal_.fact(facts::tree_head);
        const auto again = board("");
        const bool done =
            run_until([&] { return all_held() && journal_.fact(facts::tree_head) != before; }, 30s);
        found_ = again->view().changed_past;
        return done;
    }
    /// Makes the list again of what is stored, as an office would that wants to hide a change.
    void make_list_again() {
        office::Database db(folder_ / "office/office.db");
        db.run_all("DELETE FROM tree_node; DELETE FROM tree_entry");
        office::TreeAppender tree(db);
        auto rows = db.query("SELECT board, epoch, seq, hash FROM airing ORDER BY id");
        while (rows.next()) tree.append({rows.text(0), rows.text(1), rows.integer(2), rows.text(3)});
    }
    void change(const std::string& sql) {
        SQLite::Database db(folder_ / "office/office.db", SQLite::OPEN_READWRITE, 5000);
        db.exec(sql);
    }

    std::optional<content::AuditFinding> found_;
};

TEST_F(AuditTest, AnOfficeThatKeepsItsRecordsPassesEachAudit) {
    report(7);
    EXPECT_EQ(found_, std::nullopt);
    const auto first =
        content::parse_tree_head(*journal_.fact(facts::tree_head), *journal_.fact(facts::office_key));
    EXPECT_EQ(first.size, 7U);
    air(30);
    ASSERT_TRUE(audits());
    EXPECT_EQ(found_, std::nullopt);
    const auto second =
        content::parse_tree_head(*journal_.fact(facts::tree_head), *journal_.fact(facts::office_key));
    EXPECT_EQ(second.size, 37U);
}

TEST_F(AuditTest, ARecordThatWasRemovedIsFoundOutAlsoIfTheListWasMadeAgain) {
    report(9);
    change("DELETE FROM airing WHERE seq=4");
    make_list_again();
    air(5);
    ASSERT_TRUE(audits());
    ASSERT_TRUE(found_);
    EXPECT_EQ(found_->result, AuditResult::rewritten);
    const auto key = *journal_.fact(facts::office_key);
    EXPECT_EQ(content::parse_tree_head(found_->before, key).size, 9U) << "both heads prove it to others";
    EXPECT_EQ(content::parse_tree_head(found_->after, key).at, found_->found);
    EXPECT_LT(found_->since, found_->found);
}

TEST_F(AuditTest, ARecordThatWasChangedIsFoundOut) {
    report(9);
    change("UPDATE airing SET hash='" + std::string(64, 'b') + "' WHERE seq=2");
    make_list_again();
    air(1);
    ASSERT_TRUE(audits());
    ASSERT_TRUE(found_);
    EXPECT_EQ(found_->result, AuditResult::rewritten);
}

TEST_F(AuditTest, AnInventedRecordAmongTheOthersIsFoundOut) {
    report(9);
    change(
        "INSERT INTO airing(id, board, epoch, seq, hash, place, country, day, at, airing, locale, campaign, "
        "segment, status, json) SELECT 0, 'la-vt-01', epoch, 1, hash, place, country, day, at, airing, "
        "locale, campaign, segment, status, json FROM airing WHERE seq=1");
    make_list_again();
    ASSERT_TRUE(audits());
    ASSERT_TRUE(found_);
    EXPECT_EQ(found_->result, AuditResult::rewritten);
}

TEST_F(AuditTest, AShorterListIsFoundOutAndTheFindingOutlivesARestart) {
    report(9);
    change("DELETE FROM airing WHERE seq>5");
    make_list_again();
    // The office answers as before, so the board does not send again what it has a receipt for.
    const auto before = journal_.fact(facts::tree_head);
    {
        const auto again = board("");
        ASSERT_TRUE(run_until([&] { return journal_.fact(facts::tree_head) != before; }, 30s));
        ASSERT_TRUE(again->view().changed_past);
        EXPECT_EQ(again->view().changed_past->result, AuditResult::shrunk);
    }
    const auto later = board("");
    EXPECT_TRUE(later->view().changed_past);
}

TEST_F(AuditTest, AnOfficeFromBeforeAuditsIsNoTrouble) {
    bool asked = false;
    between_ = [&](http::Request& request) -> std::optional<http::Response> {
        if (!request.path.ends_with("/audits")) return std::nullopt;
        asked = true;
        return http::problem(404, "urn:riverlight:not-found", "There is nothing here", "");
    };
    {
        const auto first = board(claim());
        ASSERT_TRUE(run_until([&] { return first->view().state == firmware::ReportState::pending; }));
        approve();
    }
    air(3);
    const auto b = board("");
    ASSERT_TRUE(run_until([&] { return asked && all_held(); }, 30s));
    EXPECT_EQ(b->view().fault, "");
    EXPECT_EQ(b->view().state, firmware::ReportState::reporting);
    EXPECT_EQ(b->view().changed_past, std::nullopt);
}

TEST_F(AuditTest, OnlyTheBoardItselfIsAnswered) {
    report(3);
    http::Request request;
    request.method = "POST";
    request.path = "/v1/boards/kh-pp-01/audits";
    request.body = content::write_audit_request(
        {"kh-pp-01", journal_.state().epoch, 1, journal_.read(1, 1).front().hash, 0});
    request.headers["riverlight-signature"] = SigningKey::generate().sign(request.body);
    EXPECT_EQ(office_->answer(request).status, 403);
}

}  // namespace
}  // namespace riverlight
