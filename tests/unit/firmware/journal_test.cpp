#include "firmware/journal/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "content/base/json.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class JournalTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = test::temporary_place() / ("journal-" + random_hex(6));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    [[nodiscard]] std::string path() const { return (folder_ / "journal.db").string(); }
    static content::AiringRecord airing(const std::string& id) {
        content::AiringRecord record;
        record.outlet = "screen";
        record.place = "kh-pp-01";
        record.airing = id;
        record.segment = "fair-work";
        record.status = content::AiringStatus::aired;
        record.started = from_rfc3339("2026-11-23T06:00:00Z");
        record.evidence["datagrams_sent"] = "12";
        return record;
    }
    std::filesystem::path folder_;
    SigningKey office_ = SigningKey::from_seed_hex(std::string(64, '1'));
    SigningKey key_ = SigningKey::from_seed_hex(std::string(64, '2'));
};

TEST_F(JournalTest, case_41_records_of_another_run_are_copied_once) {
    Journal own(path(), "b1");
    own.add(airing("before"));
    Journal other((folder_ / "other.db").string(), "b1");
    for (int n = 0; n < 1203; ++n) other.add(airing("meanwhile-" + std::to_string(n)));
    EXPECT_EQ(own.take_over(other), 1203U);
    EXPECT_EQ(own.take_over(other), 0U);
    const auto last = other.add(airing("later"));
    EXPECT_EQ(own.take_over(other), 1U);
    EXPECT_THAT(own.verify(), IsEmpty());
    const auto taken = own.read(1205, 1).at(0);
    EXPECT_EQ(taken.airing, "later");
    EXPECT_EQ(taken.evidence.at("journal_before"), last.hash);
    EXPECT_EQ(taken.evidence.at("datagrams_sent"), "12");
    EXPECT_EQ(other.state().last, 1204) << "it stays as it is";
}

TEST_F(JournalTest, case_41_another_boards_journal_is_not_taken_over) {
    Journal own(path(), "b1");
    Journal other((folder_ / "other.db").string(), "b2");
    other.add(airing("a"));
    EXPECT_THROW(own.take_over(other), Error);
    EXPECT_EQ(own.state().last, 0);
}

TEST_F(JournalTest, RecordsSurviveReopeningInOneChain) {
    {
        Journal journal(path(), "b1");
        const auto handle = journal.open(airing("a"));
        EXPECT_TRUE(journal.has("screen", "a"));
        EXPECT_FALSE(journal.has("feed", "a"));
        EXPECT_EQ(journal.close(handle, airing("a")).seq, 1);
        EXPECT_EQ(journal.add(airing("b")).seq, 2);
    }
    const Journal again(path(), "b1");
    const auto records = again.read(1, 10);
    ASSERT_EQ(records.size(), 2U);
    EXPECT_EQ(records[1].previous, records[0].hash);
    EXPECT_EQ(records[0].evidence.at("datagrams_sent"), "12");
    EXPECT_THAT(again.verify(), IsEmpty());
    EXPECT_EQ(again.state().last, 2);
}

TEST_F(JournalTest, WhatWasOnAirAtAPowerCutIsInterrupted) {
    {
        Journal journal(path(), "b1");
        auto waiting = airing("cut");
        waiting.started.reset();
        const auto handle = journal.open(waiting);
        journal.update(handle, airing("cut"));
        waiting.airing = "queued";
        static_cast<void>(journal.open(waiting));
    }
    Journal journal(path(), "b1");
    EXPECT_EQ(journal.close_interrupted("the power went"), 1U);
    EXPECT_EQ(journal.close_interrupted("the power went"), 0U);
    const auto records = journal.read(1, 10);
    ASSERT_EQ(records.size(), 1U);  // what only waited may yet air
    EXPECT_FALSE(journal.has("screen", "queued"));
    EXPECT_EQ(records[0].status, content::AiringStatus::interrupted);
    EXPECT_EQ(records[0].reason, "the power went");
    EXPECT_THAT(journal.verify(), IsEmpty());
}

TEST_F(JournalTest, ACloseTwiceIsRefusedAndAddsNothing) {
    Journal journal(path(), "b1");
    const auto handle = journal.open(airing("a"));
    static_cast<void>(journal.close(handle, airing("a")));
    EXPECT_THROW(static_cast<void>(journal.close(handle, airing("a"))), Error);
    EXPECT_EQ(journal.state().last, 1);
}

TEST_F(JournalTest, AnotherBoardsJournalIsRefused) {
    { const Journal journal(path(), "b1"); }
    EXPECT_THROW(Journal(path(), "b2"), Error);
}

TEST_F(JournalTest, OnlyTheOfficesReceiptMovesTheQueue) {
    Journal journal(path(), "b1");
    for (const auto* id : {"a", "b", "c"}) static_cast<void>(journal.add(airing(id)));
    const auto batch = journal.next_batch(2);
    ASSERT_TRUE(batch);
    EXPECT_EQ(batch->last, 2);
    const content::Receipt held{"b1", batch->epoch, 2, batch->head, {}, {}};
    const auto receipt = write_receipt(held, office_);
    EXPECT_THROW(static_cast<void>(content::parse_receipt(receipt, key_.public_hex())), Error);
    journal.accept_receipt(content::parse_receipt(receipt, office_.public_hex()));
    EXPECT_EQ(journal.next_batch(10)->first, 3);
    const content::Receipt beyond{"b1", batch->epoch, 9, batch->head, {}, {}};
    EXPECT_THROW(journal.accept_receipt(beyond), Error);
    content::Receipt other_head{"b1", batch->epoch, 3, batch->head, {}, {}};
    EXPECT_THROW(journal.accept_receipt(other_head), Error);
    EXPECT_EQ(journal.state().receipted, 2);
}

TEST_F(JournalTest, ABatchChangedOnItsWayIsRefused) {
    Journal journal(path(), "b1");
    for (const auto* id : {"a", "b"}) static_cast<void>(journal.add(airing(id)));
    const auto text = write_batch(*journal.next_batch(10), key_);
    const auto batch = content::parse_batch(text);
    EXPECT_TRUE(batch_signed_by(batch, key_.public_hex()));
    EXPECT_FALSE(batch_signed_by(batch, office_.public_hex()));
    for (const auto& [from, to] :
         {std::pair("fair-work", "fair-wark"), {"\"last\":2", "\"last\":3"}, {"b1", "b9"}}) {
        auto changed = text;
        changed.replace(changed.find(from), std::string(from).size(), to);
        EXPECT_THROW(static_cast<void>(content::parse_batch(changed)), Error) << to;
    }
}

TEST_F(JournalTest, case_59_OneChangedByteInTheFileIsFound) {
    {
        Journal journal(path(), "b1");
        for (int i = 0; i < 3; ++i)
            static_cast<void>(journal.add(airing("unmistakable-" + std::to_string(i))));
    }
    std::fstream file(path(), std::ios::in | std::ios::out | std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    auto at = bytes.find("\"airing\":\"unmistakable-1");
    ASSERT_NE(at, std::string::npos);
    file.clear();
    file.seekp(static_cast<std::streamoff>(at + 10));
    file.put('U');
    file.close();
    EXPECT_THAT(content::JournalReader(path()).verify(), HasSubstr("seq 2"));
}

TEST_F(JournalTest, case_59_TheFirstRecordThatWasEditedRemovedOrSwappedIsNamed) {
    const std::pair<const char*, const char*> changes[] = {
        {"UPDATE record SET json=replace(json,'fair-work','fair-wark') WHERE seq=3", "seq 3"},
        {"UPDATE record SET hash=(SELECT hash FROM record WHERE seq=1) WHERE seq=2", "seq 2"},
        {"DELETE FROM record WHERE seq=4", "seq 4"},
        {"UPDATE record SET seq=-1 WHERE seq=2; UPDATE record SET seq=2 WHERE seq=3; "
         "UPDATE record SET seq=3 WHERE seq=-1",
         "seq 2"},
        {"DELETE FROM record WHERE seq>3", "ends at 3"},
    };
    for (const auto& [sql, named] : changes) {
        std::filesystem::remove(path());
        {
            Journal journal(path(), "b1");
            for (int i = 0; i < 5; ++i) static_cast<void>(journal.add(airing("a" + std::to_string(i))));
            const auto batch = journal.next_batch(5);
            journal.accept_receipt({"b1", batch->epoch, 5, batch->head, {}, {}});
        }
        SQLite::Database(path(), SQLite::OPEN_READWRITE).exec(sql);
        EXPECT_THAT(content::JournalReader(path()).verify(), HasSubstr(named)) << sql;
    }
}

TEST_F(JournalTest, case_70_SqlIsPlainTextInEveryField) {
    const std::string sql = "x'); DROP TABLE record; --\"";
    Journal journal(path(), "b1");
    auto record = airing(sql);
    record.outlet = record.segment = record.reason = sql;
    static_cast<void>(journal.add(record));
    EXPECT_TRUE(journal.has(sql, sql));
    EXPECT_FALSE(journal.has("' OR '1'='1", "' OR '1'='1"));
    EXPECT_EQ(journal.read(1, 10).at(0).airing, sql);
    EXPECT_THAT(journal.verify(), IsEmpty());
}

}  // namespace
}  // namespace riverlight::firmware
