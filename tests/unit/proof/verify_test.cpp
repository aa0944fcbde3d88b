// Somebody tries to show others figures that are not so, and is found out; and what a bundle cannot prove.
#include <SQLiteCpp/SQLiteCpp.h>

#include "tests/unit/proof/proof_fixture.hpp"

namespace riverlight::proof {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

TEST_F(ProofTest, AnHonestBundleProvesEveryFigure) {
    report_all();
    const auto found = verdict(bundle());
    EXPECT_THAT(findings(found), IsEmpty());
    EXPECT_FALSE(found.is_false());
    EXPECT_EQ(found.places, 2U);
    EXPECT_EQ(found.days, 4U);
    EXPECT_EQ(found.records, one_.records.size() + two_.records.size());
    EXPECT_EQ(found.signed_records, found.records);
    const auto& sum = found.countries.at("KH");
    // Of 12 promises, one aired in part, one failed, of one nothing was heard.
    EXPECT_EQ(sum.aired, 2 * 2 * 9);
    EXPECT_EQ(sum.partly, 4);
    EXPECT_EQ(sum.missed, 4);
    EXPECT_EQ(sum.silent, 4);
    EXPECT_EQ(sum.filler, 4);
    EXPECT_EQ(sum.unplanned, 0);
    EXPECT_EQ(std::chrono::round<std::chrono::seconds>(sum.shown), 36 * 10s + 4 * 4s);
    EXPECT_EQ(found.keys.size(), 2U);
}

TEST_F(ProofTest, ARowThatWasRemovedIsFoundOut) {
    report_all();
    for (const auto seq : {2, 5, 14})
        EXPECT_THAT(
            findings(changed(bundle(),
                             [&](Object& line) {
                                 if (is_record(line, seq)) line.clear();
                             })),
            IsSupersetOf({ProofFinding::record_missing, ProofFinding::not_in_list, ProofFinding::not_signed}))
            << seq;
}

TEST_F(ProofTest, ARowThatWasChangedIsFoundOut) {
    report_all();
    const auto air_it = [&](bool again) {
        return changed(bundle(), [&](Object& line) {
            if (!is_record(line, 4)) return;
            record_in(line)["status"] = "aired";
            if (again) hash_again(record_in(line));
        });
    };
    EXPECT_THAT(findings(air_it(false)), Contains(ProofFinding::record_changed));
    const auto with_its_hash = findings(air_it(true));
    EXPECT_THAT(with_its_hash, Not(Contains(ProofFinding::record_changed)));
    EXPECT_THAT(with_its_hash, IsSupersetOf({ProofFinding::record_missing, ProofFinding::not_in_list}))
        << "the next record goes on from another one";
}

TEST_F(ProofTest, ARowThatWasAddedIsFoundOut) {
    report_all();
    Object added;
    // Play 5, of which nothing was heard, is said to have aired; put behind the last record, in its chain.
    const auto last = static_cast<std::int64_t>(one_.records.size());
    auto text = bundle();
    auto r = aired("kh-1", first_day, 5);
    r.board = r.place = "kh-1";
    r.epoch = "e1";
    r.outlet = "screen";
    r.boot_id = "boot-1";
    r.seq = last + 1;
    r.previous = one_.records.back().hash;
    r.hash = content::record_hash(r);
    const auto line = write_line(RecordLine{999, r, {}});
    const auto behind = text.find("\"line\":\"inclusion\"");
    const auto at = text.rfind('\n', behind) + 1;
    text.insert(at, line);
    const auto found = findings(changed(text, [](Object&) {}));
    EXPECT_THAT(found, IsSupersetOf({ProofFinding::not_in_list, ProofFinding::not_signed,
                                     ProofFinding::figure_differs}));
}

TEST_F(ProofTest, ASecondHistoryShownToOneReaderIsFoundOut) {
    report_all();
    const auto text = bundle();
    const auto own = verdict(text).opening.head;
    EXPECT_THAT(findings(text, {{}, {own}}), IsEmpty());
    auto other = own;
    other.root.bytes.at(0) ^= 1;
    EXPECT_THAT(findings(text, {{}, {content::sign_tree_head(other, office_)}}),
                ElementsAre(ProofFinding::other_history));
    auto longer = own;
    longer.size += 1;
    longer.at -= 1h;
    EXPECT_THAT(findings(text, {{}, {content::sign_tree_head(longer, office_)}}),
                ElementsAre(ProofFinding::other_history))
        << "an earlier head of more records";
}

TEST_F(ProofTest, HeadsThatWereShownEarlierAreComparedIfTheBundleGoesOnFromThem) {
    join(one_);
    plan("kh-1", first_day);
    plan("kh-1", first_day + day_length);
    air(one_, first_day);
    send(one_, 1, 6);
    const auto shown = content::sign_tree_head(store_.tree.head(made_ - 9h), office_);
    auto other = shown;
    other.root.bytes.at(0) ^= 1;
    other = content::sign_tree_head(other, office_);
    air(one_, first_day + day_length);
    one_.add(aired("kh-1", first_day + 2 * day_length, 0));
    send(one_, 7, one_.records.size());
    EXPECT_THAT(findings(bundle(), {{}, {shown}}), ElementsAre(ProofFinding::head_not_compared));
    store_.tree.keep_head(shown);
    EXPECT_THAT(findings(bundle(), {{}, {shown}}), IsEmpty());
    EXPECT_THAT(findings(bundle(), {{}, {other}}), ElementsAre(ProofFinding::other_history));
    auto asked = request();
    asked.heads = {other};
    EXPECT_THAT(findings(bundle(asked)), IsEmpty()) << "of each size one, the kept one";
}

TEST_F(ProofTest, AFigureThatWasEditedIsFoundOut) {
    report_all();
    for (std::size_t column = 3; column < 14; ++column)
        EXPECT_THAT(findings(changed(bundle(),
                                     [&](Object& line) {
                                         if (!is(line, "day")) return;
                                         auto& number = line["figures"].as_array()[0].as_array()[column];
                                         number = number.as_int64() + 1;
                                     })),
                    ElementsAre(ProofFinding::figure_differs))
            << column;
}

TEST_F(ProofTest, APlanThatWasSwappedIsFoundOut) {
    report_all();
    std::vector<boost::json::value> plans;
    const auto text = changed(bundle(), [&](Object& line) {
        if (is(line, "day")) plans.push_back(line.at("plan"));
    });
    std::size_t n = 0;
    const auto of_other_day = changed(text, [&](Object& line) {
        if (is(line, "day")) line["plan"] = plans.at(n++ ^ 1U);
    });
    EXPECT_THAT(findings(of_other_day), ElementsAre(ProofFinding::plan_unreadable));
    EXPECT_THAT(findings(changed(text,
                                 [](Object& line) {
                                     if (is(line, "day")) line["plan"] = to_base64("no plan");
                                 })),
                Contains(ProofFinding::plan_unreadable));
}

TEST_F(ProofTest, AnEnrolmentThatWasSwappedIsFoundOut) {
    report_all();
    EXPECT_THAT(findings(changed(bundle(),
                                 [&](Object& line) {
                                     if (!is(line, "key")) return;
                                     const auto& other = line.at("board").as_string() == "kh-1" ? two_ : one_;
                                     line["public_key"] = other.key.public_hex();
                                 })),
                IsSupersetOf({ProofFinding::wrong_signature, ProofFinding::not_signed}));
    EXPECT_THAT(findings(changed(bundle(),
                                 [](Object& line) {
                                     if (is(line, "key")) line["place"] = "la-1";
                                 })),
                ElementsAre(ProofFinding::wrong_enrolment));
}

TEST_F(ProofTest, AnotherOfficeThanTheNamedOneIsFoundOut) {
    report_all();
    EXPECT_THAT(findings(bundle(), {office_.public_hex(), {}}), IsEmpty());
    EXPECT_THAT(findings(bundle(), {SigningKey::generate().public_hex(), {}}),
                ElementsAre(ProofFinding::other_office));
}

TEST_F(ProofTest, WithoutARecordBehindTheDaysTheirEndIsOpen) {
    join(one_);
    plan("kh-1", first_day);
    air(one_, first_day);
    send(one_, 1, one_.records.size());
    auto asked = request();
    asked.until = first_day;
    const auto found = verdict(bundle(asked));
    EXPECT_THAT(findings(found), ElementsAre(ProofFinding::end_open));
    EXPECT_FALSE(found.is_false());
}

TEST_F(ProofTest, RecordsInTheMiddleOfAnEpochBeginBehindOneOfTheDayBefore) {
    report_all();
    auto asked = request();
    asked.from = asked.until;
    const auto text = bundle(asked);
    EXPECT_THAT(findings(text), IsEmpty());
    bool is_first = true;
    EXPECT_THAT(findings(changed(text,
                                 [&](Object& line) {
                                     if (is(line, "record") && std::exchange(is_first, false)) line.clear();
                                 })),
                IsSupersetOf({ProofFinding::start_open, ProofFinding::not_in_list}));
}

TEST_F(ProofTest, RecordsFromBeforeSignaturesWereKeptAreNotSigned) {
    report_all();
    SQLite::Database(folder_ / "office.db", SQLite::OPEN_READWRITE, 5000).exec("DELETE FROM batch_signature");
    const auto found = verdict(bundle());
    EXPECT_THAT(findings(found), ElementsAre(ProofFinding::not_signed));
    EXPECT_EQ(found.signed_records, 0U);
    EXPECT_FALSE(found.is_false());
}

TEST_F(ProofTest, WhatACountryDoesNotLetOutIsThereByItsHash) {
    report_all();
    auto asked = request();
    asked.hashes_only = {"KH"};
    const auto text = bundle(asked);
    EXPECT_THAT(text, Not(testing::HasSubstr("\"record\":")));
    const auto found = verdict(text);
    EXPECT_THAT(findings(found), ElementsAre(ProofFinding::hash_only, ProofFinding::not_recounted));
    EXPECT_FALSE(found.is_false());
    EXPECT_THAT(findings(changed(text,
                                 [](Object& line) {
                                     if (is(line, "hash") && line.at("seq") == 3)
                                         line["hash"] = std::string(64, 'b');
                                 })),
                Contains(ProofFinding::not_in_list));
}

TEST_F(ProofTest, ADayThatIsNotOverIsNotProved) {
    report_all();
    made_ = start_of(first_day + day_length) + 23h;
    EXPECT_THROW((void)bundle(), Error);
    auto asked = request();
    asked.from = asked.until = first_day - day_length;
    EXPECT_THROW((void)bundle(asked), Error) << "nothing is stored of it";
    made_ = start_of(first_day + day_length) + 100h;
    asked.from = first_day;
    asked.until = first_day + 3650 * day_length;
    EXPECT_THROW((void)bundle(asked), Error) << "its last day is years ahead";
}

// Signed more often than once in 64 records, a signature covers those before it.
TEST_F(ProofTest, OneSignatureInSixtyFourRecordsIsEnough) {
    join(one_);
    for (int d = 0; d < 2; ++d) {
        plan("kh-1", first_day + d * day_length);
        for (int n = 0; n < 40; ++n) one_.add(aired("kh-1", first_day + d * day_length, n));
    }
    one_.add(aired("kh-1", first_day + 2 * day_length, 0));
    for (std::size_t seq = 1; seq <= one_.records.size(); ++seq) send(one_, seq, seq);
    const auto found = verdict(bundle());
    EXPECT_EQ(found.signed_records, 81U);
    SQLite::Database db(folder_ / "office.db", SQLite::OPEN_READONLY, 5000);
    EXPECT_EQ(db.execAndGet("SELECT count(*) FROM batch_signature").getInt(), 2);
}

}  // namespace
}  // namespace riverlight::proof
