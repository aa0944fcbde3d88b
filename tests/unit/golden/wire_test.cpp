// Records, batches, receipts, cues and events as boards and offices of 2026 wrote them (tests/data/golden):
// they read, verify and come out as the same bytes. Signed bytes never change.
#include <gtest/gtest.h>

#include <sstream>

#include "content/airing/batch.hpp"
#include "content/airing/time_fix.hpp"
#include "content/base/files.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"

namespace riverlight {
namespace {

std::string golden(const std::string& name) {
    return read_file(std::string(GOLDEN_DATA) + '/' + name, 1U << 20);
}

std::vector<std::string> golden_lines(const std::string& name) {
    std::istringstream text(golden(name));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
}

const auto board = SigningKey::from_seed_hex(std::string(64, '2'));
const auto office = SigningKey::from_seed_hex(std::string(64, '1'));

TEST(Golden, RecordsOfEveryStatusKeepTheirBytesAndTheirChain) {
    auto previous = content::first_previous("kh-pp-01", "00112233445566ff");
    const auto lines = golden_lines("records.jsonl");
    ASSERT_EQ(lines.size(), 10U);
    for (const auto& line : lines) {
        const auto record = content::parse_record(line, "golden");
        EXPECT_EQ(content::record_json(record), line);
        EXPECT_EQ(content::record_hash(record), record.hash);
        EXPECT_EQ(record.previous, previous);
        previous = record.hash;
    }
}

TEST(Golden, TimeFixesAreReadAndWrittenAsTheyWere) {
    int fixes = 0;
    for (const auto& line : golden_lines("records.jsonl")) {
        const auto record = content::parse_record(line, "golden");
        const auto fix = content::time_fix_of(record);
        if (!fix) continue;
        ++fixes;
        auto again = content::record_of(*fix, record.place);
        again.board = record.board;
        again.epoch = record.epoch;
        again.seq = record.seq;
        again.previous = record.previous;
        again.hash = content::record_hash(again);
        EXPECT_EQ(content::record_json(again), line);
    }
    EXPECT_EQ(fixes, 2);
}

TEST(Golden, AnOpenAiringKeepsItsBytes) {
    const auto text = golden("open_airing.json");
    EXPECT_EQ(content::record_json(content::parse_record(text, "open airing")), text);
}

TEST(Golden, ABatchVerifiesAndKeepsItsBytes) {
    const auto text = golden("batch.json");
    const auto batch = content::parse_batch(text);
    EXPECT_EQ(batch.airings.size(), 10U);
    EXPECT_TRUE(content::batch_signed_by(batch, board.public_hex()));
    EXPECT_FALSE(content::batch_signed_by(batch, office.public_hex()));
    EXPECT_EQ(content::write_batch(batch, board), text);
}

TEST(Golden, AReceiptVerifiesAndKeepsItsBytes) {
    const auto text = golden("receipt.json");
    const auto receipt = content::parse_receipt(text, office.public_hex());
    EXPECT_EQ(receipt.held, 10);
    EXPECT_EQ(content::write_receipt(receipt, office), text);
    EXPECT_THROW(static_cast<void>(content::parse_receipt(text, board.public_hex())), Error);
}

TEST(Golden, EveryCommandAndEventOfAPlayerKeepsItsBytes) {
    const auto commands = golden_lines("commands.jsonl"), events = golden_lines("events.jsonl");
    EXPECT_EQ(commands.size(), 16U);
    EXPECT_EQ(events.size(), 15U);
    for (const auto& line : commands) EXPECT_EQ(player::to_line(player::parse_command(line)), line);
    for (const auto& line : events) EXPECT_EQ(player::to_line(player::parse_event(line)), line);
}

}  // namespace
}  // namespace riverlight
