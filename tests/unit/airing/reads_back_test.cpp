// Whatever a player, a library or a server said: records, reports and answers read back to themselves.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "content/airing/batch.hpp"
#include "content/airing/enrolment.hpp"
#include "content/airing/health.hpp"
#include "content/airing/time_fix.hpp"
#include "content/airing/time_gap.hpp"
#include "content/base/plain_text.hpp"
#include "tests/unit/airing/any_record.hpp"

namespace riverlight::content {
namespace {

using test::any_count, test::any_instant, test::any_number, test::any_record, test::any_text;

TEST(ReadsBack, AnyRecordOfAnyKind) {
    EXPECT_TRUE(rc::check("record", [] {
        auto record = writable(any_record());
        RC_ASSERT(writable(record) == record);
        record.hash = record_hash(record);
        const auto again = parse_record(record_json(record), "record");
        RC_ASSERT(again == record);
        RC_ASSERT(record_hash(again) == record.hash);
    }));
}

TEST(ReadsBack, AnyTimeFix) {
    EXPECT_TRUE(rc::check("time fix", [] {
        TimeFix fix;
        fix.boot_id = *any_text() + "b";
        fix.at = Instant{std::chrono::microseconds(*any_number())};
        const auto record = writable(record_of(fix, *any_text()));
        auto numbered = record;
        numbered.seq = 1;
        RC_ASSERT(parse_record(record_json(numbered), "record") == numbered);
        RC_ASSERT(numbered.kind == RecordKind::time_fix);
    }));
}

TEST(ReadsBack, AnyTimeGap) {
    EXPECT_TRUE(rc::check("time gap", [] {
        const auto from = *rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 50);
        TimeGap gap{"b" + *any_text(),
                    Instant{std::chrono::microseconds(from)},
                    Instant{std::chrono::microseconds(from + 1)},
                    MonotonicTime(std::chrono::seconds(9)),
                    ClockState::synchronised,
                    std::chrono::milliseconds(7)};
        auto record = writable(record_of(gap, *any_text()));
        gap.boot_id = plain_text(gap.boot_id, 64);
        RC_ASSERT(time_gap_of(parse_record(record_json(record), "record")) == gap);
    }));
}

TEST(ReadsBack, MuchEvidenceKeepsTheHashOfTheJournalBefore) {
    AiringRecord record;
    for (int n = 0; n < 100; ++n) record.evidence["a" + std::to_string(n)] = "x";
    record.evidence[evidence_journal_before] = "hash";
    const auto kept = writable(record);
    EXPECT_EQ(kept.evidence.size(), 32U);
    EXPECT_EQ(kept.evidence.at(evidence_journal_before), "hash");
    EXPECT_EQ(parse_record(record_json(kept), "record"), kept);
}

HealthReport any_health() {
    HealthReport r;
    for (auto* text : {&r.board, &r.version, &r.mode, &r.release}) *text = *any_text();
    r.at = any_instant().value_or(Instant{});
    r.signed_until = any_instant();
    if (*rc::gen::arbitrary<bool>()) r.clock = ClockState::synchronised;
    r.clock_error = any_count<std::chrono::milliseconds, std::chrono::milliseconds>();
    r.queue = *any_number();
    if (*rc::gen::arbitrary<bool>()) r.disk_free_bytes = *any_number();
    r.alarms = *rc::gen::container<std::vector<std::string>>(any_text());
    const auto outlets = *rc::gen::inRange(0, 20);
    for (int n = 0; n < outlets; ++n) {
        HealthReport::Outlet outlet{*any_text(), {}, *rc::gen::arbitrary<bool>()};
        if (*rc::gen::arbitrary<bool>())
            outlet.on_air = {*any_text(), *any_text(), *any_text(), *any_text(),
                             any_instant().value_or(Instant{})};
        r.outlets.push_back(outlet);
    }
    if (*rc::gen::arbitrary<bool>()) {
        r.system =
            SystemReport{*any_text(), *any_text(), UpdateState::ready, UpdateWait::open, *any_text(), {}};
        if (*rc::gen::arbitrary<bool>())
            r.system->last = {*any_text(), UpdateFault::interrupted, any_instant().value_or(Instant{})};
    }
    return r;
}

TEST(ReadsBack, AnyHealthReport) {
    EXPECT_TRUE(rc::check("health", [] {
        const auto report = any_health();
        const auto body = write_health(report);
        const auto read = read_health(body);
        RC_ASSERT(body.size() <= longest_health);
        RC_ASSERT(read.fault.empty());
        RC_ASSERT(read.report == writable(report));
    }));
}

TEST(ReadsBack, TheLongestHealthReport) {
    HealthReport report;
    const std::string long_text(5000, '"');  // escaped, it doubles
    report.alarms.assign(500, long_text);
    report.outlets.assign(
        30, {long_text, HealthReport::OnAir{long_text, long_text, long_text, long_text, {}}, false});
    report.system = SystemReport{long_text, long_text, UpdateState::ready, UpdateWait::open, long_text, {}};
    const auto body = write_health(report);
    EXPECT_LE(body.size(), longest_health);
    EXPECT_EQ(read_health(body).fault, "");
    EXPECT_EQ(read_health(body).report.outlets.size(), 16U);
    EXPECT_FALSE(read_health(body).report.alarms.empty());
}

TEST(ReadsBack, AnyEnrolment) {
    EXPECT_TRUE(rc::check("enrolment", [] {
        const std::string key(64, 'a');
        const EnrolmentRequest asked{*any_text(), key, *any_text(), *any_text()};
        const auto request = parse_enrolment(write_enrolment(asked));
        RC_ASSERT(request.claim_code == plain_text(asked.claim_code, 64));
        RC_ASSERT(request.place == plain_text(asked.place, 64));
        const EnrolmentAnswer said{*any_text(), key, *any_text(), BoardState::active};
        const auto answer = parse_enrolment_answer(write_enrolment_answer(said));
        RC_ASSERT(answer.board == plain_text(said.board, 64));
        RC_ASSERT(answer.fingerprint == plain_text(said.fingerprint, 64));
    }));
}

TEST(ReadsBack, AnyReceiptAndAnySetAsideRecord) {
    const auto key = SigningKey::generate();
    EXPECT_TRUE(rc::check("receipt and set-aside record", [&] {
        const auto word = [] { return plain_text(*any_text(), 64); };
        Receipt receipt{word(), word(), *rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 53),
                        word(), {},     {}};
        const auto read = parse_receipt(write_receipt(receipt, key), key.public_hex());
        RC_ASSERT(read.board == receipt.board && read.epoch == receipt.epoch && read.held == receipt.held &&
                  read.head == receipt.head);
        Batch batch;
        batch.board = receipt.board;
        batch.epoch = receipt.epoch;
        batch.first = batch.last = 7;
        batch.head = receipt.head;
        batch.set_aside = {word(), receipt.head, *any_text()};
        const auto again = parse_batch(write_batch(batch, key));
        RC_ASSERT(again.set_aside && again.airings.empty());
        RC_ASSERT(again.set_aside->hash == batch.head);
        RC_ASSERT(again.set_aside->previous == batch.set_aside->previous);
        RC_ASSERT(batch_signed_by(again, key.public_hex()));
    }));
}

}  // namespace
}  // namespace riverlight::content
