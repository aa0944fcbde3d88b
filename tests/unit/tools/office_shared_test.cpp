// What several offices share that have the same records: failed tries, the lead, the key that signs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/base/files.hpp"
#include "tests/unit/tools/office_fixture.hpp"
#include "tools/office/database.hpp"
#include "tools/office/leadership.hpp"
#include "tools/office/office.hpp"

namespace riverlight::office {
namespace {

using testing::ElementsAre;

/// Two offices by their records: each has connections of its own.
class SharedTest : public OfficeTest {
  protected:
    /// For what a file's one office does not need.
    [[nodiscard]] static bool is_alone() { return !test::is_on_postgresql(); }
    void fail(Guesser guesser, const std::string& id, int times, Instant at = noon) {
        for (int i = 0; i < times; ++i) store_.failures.add(guesser, id, at);
    }
    OfficeStore other_{folder_.path()};
};

TEST_F(SharedTest, FailuresAtOneOfficeCountAtTheOther) {
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(other_.failures.wait(Guesser::user_name, "pmo", noon + std::chrono::seconds(i)), 0s);
        fail(Guesser::user_name, "pmo", 1, noon + std::chrono::seconds(i));
    }
    EXPECT_EQ(other_.failures.wait(Guesser::user_name, "pmo", noon + 10s), 4min + 50s);
    EXPECT_EQ(other_.failures.wait(Guesser::user_name, "ann", noon + 10s), 0s);
    EXPECT_EQ(other_.failures.wait(Guesser::known_device, "pmo", noon + 10s), 0s) << "another kind";
    EXPECT_EQ(other_.failures.wait(Guesser::user_name, "pmo", noon + 5min), 0s)
        << "the first has left the window";
    fail(Guesser::user_name, "pmo", 1, noon + 5min);
    EXPECT_GT(other_.failures.wait(Guesser::user_name, "pmo", noon + 5min), 0s);
    other_.failures.forget(Guesser::user_name, "pmo");
    EXPECT_EQ(store_.failures.wait(Guesser::user_name, "pmo", noon + 5min), 0s);
}

TEST_F(SharedTest, EachKindOfGuesserHasItsOwnLimit) {
    const auto tries_of = [&](Guesser guesser) {
        int tries = 0;
        for (; tries < 100 && store_.failures.wait(guesser, "192.0.2.1", noon) == 0s; ++tries)
            fail(guesser, "192.0.2.1", 1);
        return tries;
    };
    EXPECT_EQ(tries_of(Guesser::user_name), 5);
    EXPECT_EQ(tries_of(Guesser::known_device), 5);
    EXPECT_EQ(tries_of(Guesser::address), 30);
    EXPECT_EQ(tries_of(Guesser::claim_address), 10);
}

TEST_F(SharedTest, AClockThatWasSetBackLocksNobodyOut) {
    fail(Guesser::user_name, "pmo", 5, noon + 24h);
    EXPECT_EQ(store_.failures.wait(Guesser::user_name, "pmo", noon), 0s);
    fail(Guesser::user_name, "pmo", 1, noon);
    EXPECT_EQ(store_.failures.wait(Guesser::user_name, "pmo", noon), 0s) << "the others are gone";
}

TEST_F(SharedTest, OfficesWhoseClocksDifferALittleCountTogether) {
    fail(Guesser::user_name, "pmo", 5, noon + 2s);
    EXPECT_GT(other_.failures.wait(Guesser::user_name, "pmo", noon), 0s);
}

TEST_F(SharedTest, WhoHasAWholeNetworkOfIpv6IsOneStranger) {
    for (int i = 0; i < 10; ++i) fail(Guesser::claim_address, "2001:db8:1:2::" + std::to_string(i), 1);
    EXPECT_GT(store_.failures.wait(Guesser::claim_address, "2001:db8:1:2:ffff::1", noon), 0s);
    EXPECT_EQ(store_.failures.wait(Guesser::claim_address, "2001:db8:1:3::1", noon), 0s);
}

/// People type passwords where names belong.
TEST_F(SharedTest, NothingThatWasTypedIsKept) {
    fail(Guesser::user_name, "a secret password", 1);
    const Database db(RecordsAddress::in_folder(folder_.path()), OpenFor::reading);
    EXPECT_EQ(db.text("SELECT guesser FROM failure").value_or("").size(), 64U);
}

TEST_F(SharedTest, OneLeadsUntilItsSessionEnds) {
    auto first = std::make_unique<Leadership>(folder_.path());
    Leadership second(folder_.path());
    EXPECT_TRUE(first->leads());
    EXPECT_EQ(second.leads(), is_alone());
    EXPECT_TRUE(first->leads()) << "it stays";
    first.reset();
    const auto deadline =
        std::chrono::steady_clock::now() + 20s;  // the server ends a session on its own time
    bool leads = false;
    while (!leads && std::chrono::steady_clock::now() < deadline) leads = second.leads();
    EXPECT_TRUE(leads);
}

TEST_F(SharedTest, ALeaderThatLostItsSessionLeadsNoMore) {
    if (is_alone()) return;
    Leadership first(folder_.path()), second(folder_.path());
    ASSERT_TRUE(first.leads());
    folder_.change_records(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype='advisory' AND granted AND "
        "objid=x'4C454144'::bigint::oid AND "
        "database=(SELECT oid FROM pg_database WHERE datname=current_database())");
    EXPECT_TRUE(second.leads());
    EXPECT_THROW(static_cast<void>(first.leads()), Error) << "nobody knows, just then";
    EXPECT_FALSE(first.leads());
}

TEST_F(SharedTest, TheRecordsKnowWhichKeySigns) {
    const test::Folder first, second;
    const auto key = load_serving_key(store_, first.path(), noon);
    EXPECT_THAT(other_.keys.all(), ElementsAre(key.public_hex()));
    EXPECT_EQ(load_serving_key(other_, first.path(), noon).public_hex(), key.public_hex());
    EXPECT_THROW(static_cast<void>(load_serving_key(other_, second.path(), noon)), Error);
    EXPECT_FALSE(std::filesystem::exists(second / "office.key")) << "no key is made that would sign nothing";
    const auto adopted = load_office_key(second.path());
    EXPECT_THROW(static_cast<void>(load_serving_key(other_, second.path(), noon)), Error);
    other_.keys.add(adopted.public_hex(), noon + 1s);
    EXPECT_EQ(load_serving_key(other_, second.path(), noon + 1s).public_hex(), adopted.public_hex());
    EXPECT_THROW(static_cast<void>(load_serving_key(store_, first.path(), noon + 1s)), Error)
        << "two keys never sign at the same time";
}

TEST_F(SharedTest, WhoDoesNotLeadLeavesPlacesToTheLeader) {
    store_.plan_requests.add("kh-pp-01");
    store_.plan_requests.add("kh-pp-01");
    store_.plan_requests.add("kh-poi-01");
    EXPECT_TRUE(other_.plan_requests.are_there());
    EXPECT_THAT(other_.plan_requests.take(), ElementsAre("kh-poi-01", "kh-pp-01"));
    EXPECT_FALSE(store_.plan_requests.are_there());
}

}  // namespace
}  // namespace riverlight::office
