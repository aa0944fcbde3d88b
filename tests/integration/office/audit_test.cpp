// A board finds out what its office does to records that it already received. Both are real, in one loop.
#include "tests/integration/office/report_fixture.hpp"
#include "tools/office/database.hpp"
#include "tools/office/records_backup.hpp"
#include "tools/office/tree_appender.hpp"
#include "tools/office/verify.hpp"

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
        office::Database db(office::RecordsAddress::in_folder(folder_ / "office"));
        db.run_all("DELETE FROM tree_node; DELETE FROM tree_entry");
        office::TreeAppender tree(db);
        auto rows = db.query("SELECT board, epoch, seq, hash FROM airing ORDER BY id");
        while (rows.next()) tree.append({rows.text(0), rows.text(1), rows.integer(2), rows.text(3)});
    }
    void change(const std::string& sql) {
        office::Database(office::RecordsAddress::in_folder(folder_ / "office")).run_all(sql);
    }

    /// The office's head as it is now, as anyone gets it.
    std::string head() {
        http::Request request;
        request.method = "GET";
        request.path = "/v1/tree-head";
        return office_->answer(request).body;
    }
    /// The board starts, reports what it has, and hears of a published head. Whether it compared that with
    /// what the office shows; `found_` is what it found.
    bool compares_with(const std::string& published) {
        int audits = 0;
        between_ = [&](http::Request& request) -> std::optional<http::Response> {
            if (request.path.ends_with("/audits")) ++audits;
            return std::nullopt;
        };
        const auto again = board("");
        again->compare_with(published);
        const auto is_done = [&] { return audits >= 2 && all_held() && !again->is_busy(); };
        const bool done = run_until(is_done, 30s);
        found_ = again->view().changed_past;
        between_ = nullptr;
        return done;
    }

    std::optional<content::AuditFinding> found_;
};

TEST_F(AuditTest, AListThatGoesOnFromThePublishedOnePasses) {
    report(7);
    const auto published = head();
    air(5);
    ASSERT_TRUE(compares_with(published));
    EXPECT_EQ(found_, std::nullopt);
}

// The office shows this board, from the first day on, a list that is right in itself, and the channel's
// publisher another one.
TEST_F(AuditTest, AnotherHistoryThanThePublishedOneIsFoundOut) {
    report(7);
    auto other = content::parse_tree_head(head(), *journal_.fact(facts::office_key));
    other.root.bytes.at(3) ^= 1;
    const auto published =
        content::write_tree_head(content::sign_tree_head(other, office::load_office_key(folder_ / "office")));
    air(5);
    ASSERT_TRUE(compares_with(published));
    ASSERT_TRUE(found_);
    EXPECT_EQ(found_->result, AuditResult::other_history);
    EXPECT_EQ(found_->before, published) << "both heads prove it to others";
    const auto key = *journal_.fact(facts::office_key);
    EXPECT_EQ(content::parse_tree_head(found_->after, key).size, 12U);
    const auto later = board("");
    EXPECT_TRUE(later->view().changed_past) << "it outlives a restart";
}

TEST_F(AuditTest, APublishedListThatIsLongerThanTheOneThatTheBoardIsShownIsFoundOut) {
    report(7);
    auto longer = content::parse_tree_head(head(), *journal_.fact(facts::office_key));
    longer.size = 1000;
    ASSERT_TRUE(compares_with(content::write_tree_head(
        content::sign_tree_head(longer, office::load_office_key(folder_ / "office")))));
    ASSERT_TRUE(found_);
    EXPECT_EQ(found_->result, AuditResult::other_history);
}

TEST_F(AuditTest, APublishedHeadOfAnotherOfficeSaysNothing) {
    report(7);
    const auto b = board("");
    b->compare_with(content::write_tree_head(content::sign_tree_head({}, SigningKey::generate())));
    b->compare_with("no head");
    air(1);
    ASSERT_TRUE(run_until([&] { return all_held(); }));
    EXPECT_EQ(b->view().changed_past, std::nullopt);
}

/// Boards send again what a backup lacks, in another order: the list is a second one, and nobody hides it.
TEST_F(AuditTest, AListThatGoesOnFromABackupIsFoundOutAndTheOfficeSaysWhy) {
    report(7);
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    const auto state = folder_ / "office", backup = folder_ / "office.backup";
    office::write_backup(state, backup, now);
    air(5);
    ASSERT_TRUE(audits());
    EXPECT_EQ(found_, std::nullopt);
    office_.reset();
    records_.reset();
    office::restore_backup(state, backup, office::OtherKey::refused, now);
    open_office("office");
    records_->tree.append({{"kh-pp-02", "e1", 1, std::string(64, 'a')}});
    air(1);  // the answer to it tells the board what the office lacks
    ASSERT_TRUE(audits());
    ASSERT_TRUE(found_);
    EXPECT_TRUE(found_->result == AuditResult::shrunk || found_->result == AuditResult::rewritten);
    EXPECT_EQ(records_->airings.count({}, 100), 13) << "they came again";
    const auto restores = office::restores_of(state);
    ASSERT_EQ(restores.size(), 1U);
    EXPECT_EQ(restores[0].size, 7U);
    EXPECT_EQ(restores[0].had, 12U);
    EXPECT_EQ(records_->alarms.since(now - 1h, 10).size(), 1U);
}

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
