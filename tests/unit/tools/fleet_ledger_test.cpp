// The fleet's own book: what really aired, and what the office has to make of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/airing/shown.hpp"
#include "content/base/crypto.hpp"
#include "tools/fleet/ledger.hpp"
#include "tools/fleet/record_chain.hpp"

namespace riverlight::fleet {
namespace {

using content::AiringStatus;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

const Instant nine = *from_rfc3339("2026-03-02T02:00:00Z");  // 09:00 in Phnom Penh
const std::chrono::local_days monday = *date_from_iso("2026-03-02");

Deed deed(const std::string& name, Instant start, std::chrono::milliseconds shown) {
    Deed out;
    out.planned.id = sha256_hex(name).substr(0, 32);
    out.planned.start = start;
    out.planned.end = start + 60s;
    out.status = shown == 60s ? AiringStatus::aired : AiringStatus::truncated;
    out.began = start;
    out.shown = out.on_air = shown;
    return out;
}

class LedgerTest : public testing::Test {
  protected:
    LedgerSubjects subjects_;
    PlaceLedger ledger_{subjects_, "Asia/Phnom_Penh"};
};

TEST_F(LedgerTest, ALieIsCountedAndNothingElse) {
    auto lie = deed("a", nine, 0ms);
    lie.lie = Lie::without_evidence;
    ledger_.note(lie);
    EXPECT_THAT(ledger_.day(monday), IsEmpty());
    EXPECT_EQ(ledger_.lies(Lie::without_evidence), 1);
}

TEST_F(LedgerTest, WhatWasPlayedCountsWhateverItsRecordClaims) {
    auto lie = deed("a", nine, 20s);
    lie.lie = Lie::overclaim;
    ledger_.note(lie);
    ASSERT_THAT(ledger_.day(monday), SizeIs(1));
    EXPECT_EQ(ledger_.day(monday)[0].shown_ms, 20'001) << "to the millisecond above";
}

TEST_F(LedgerTest, WhatAiredByAWrongClockStandsUnderTheDayOnWhichItAired) {
    auto late = deed("a", nine - 24h, 60s);
    late.began = nine;
    ledger_.note(late);
    ASSERT_THAT(ledger_.day(monday), SizeIs(1));
    EXPECT_TRUE(ledger_.day(monday)[0].is_off_plan);
}

TEST_F(LedgerTest, OfTwoDevicesTheOneIsBelievedThatIsHeardFirst) {
    ledger_.note(deed("a", nine, 60s));
    ledger_.note(deed("b", nine + 30s, 60s));
    EXPECT_THAT(ledger_.day(monday), SizeIs(2)) << "one device: it cannot overlap itself";
    ledger_.expect_twins();
    ledger_.note(deed("c", nine + 56s, 60s));
    EXPECT_EQ(ledger_.not_believed(), 1);
    ledger_.note(deed("d", nine + 86s, 60s));
    EXPECT_EQ(ledger_.not_believed(), 1) << "events come late by some seconds";
    EXPECT_THAT(ledger_.day(monday), SizeIs(3));
    ledger_.note(deed("e", nine, 2s));
    EXPECT_EQ(ledger_.not_believed(), 2) << "however short it was";
}

content::AiringRecord record(const std::string& airing) {
    content::AiringRecord r;
    r.outlet = "screen";
    r.place = "kh-1";
    r.airing = airing;
    r.started = nine;
    r.ended = nine + 60s;
    r.status = AiringStatus::aired;
    return r;
}

TEST(RecordChain, IsTheChainThatAnOfficeTakes) {
    RecordChain chain("kh-1", "e");
    chain.add({record("a"), record("b"), record("c")});
    const auto key = SigningKey::from_seed_hex(std::string(64, '1'));
    const auto batch = chain.next_batch(2);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->last, 2);
    const auto read = content::parse_batch(content::write_batch(*batch, key));
    EXPECT_EQ(read.airings, batch->airings);
    content::Receipt receipt{"kh-1", "e", 2, batch->head, {}, {}};
    chain.accept_receipt(receipt);
    EXPECT_EQ(chain.waiting(), 1U);
    EXPECT_EQ(chain.next_batch(2)->first, 3);
    EXPECT_THROW(chain.accept_receipt(receipt), Error) << "it was taken before";
    receipt.held = 3;
    EXPECT_THROW(chain.accept_receipt(receipt), Error) << "another head";
}

TEST(RecordChain, APowerCutInterruptsWhatWasOn) {
    RecordChain chain("kh-1", "e");
    const auto handle = chain.open(record("a"));
    static_cast<void>(chain.open(record("b")));
    chain.discard(handle);
    EXPECT_EQ(chain.waiting(), 0U);
    chain.close_interrupted("the power went");
    const auto batch = chain.next_batch(9);
    ASSERT_TRUE(batch);
    ASSERT_THAT(batch->airings, SizeIs(1));
    EXPECT_EQ(batch->airings[0].airing, "b");
    EXPECT_EQ(batch->airings[0].status, AiringStatus::interrupted);
}

}  // namespace
}  // namespace riverlight::fleet
