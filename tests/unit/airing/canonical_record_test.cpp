// Records and batches in canonical form against the same texts read as any other JSON, which a space in front
// makes of them.
#include "content/airing/canonical_record.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <variant>

#include "content/airing/batch.hpp"
#include "tests/unit/airing/any_record.hpp"

namespace riverlight::content {
namespace {

using test::any_record;

AiringRecord any_writable() {
    auto record = writable(any_record());
    record.hash = record_hash(record);
    return record;
}

/// A few places of the text are changed, some of them so that it may still be a record.
std::string damaged(std::string text) {
    const auto count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        const auto size = *rc::gen::inRange<std::size_t>(0, 4);
        const auto piece = *rc::gen::elementOf(std::vector<std::string>{
            "",    "0",  "1",  "9",    "-",     "-0", " ",    "\"", "\\",           "\\u0041",
            "\\/", ",",  "{}", "null", "\xE1",  "ក",  "\x7f", "\n", "\"a\":\"b\",", "\"frames\":1,",
            "60",  ".5", "e1", "Z",    "+07:00"});
        text.replace(at, std::min(size, text.size() - at), piece);
    }
    return text;
}

/// What reading a text as any other JSON gives.
std::optional<AiringRecord> read_slowly(const std::string& text) {
    try {
        return parse_record(' ' + text, "record");
    } catch (const Error&) {
        return std::nullopt;
    }
}

TEST(CanonicalRecord, EveryRecordThatIsWrittenIsReadWithItsHash) {
    EXPECT_TRUE(rc::check("written records", [] {
        const auto record = any_writable();
        const auto text = record_json(record);
        const auto found = read_canonical_record(text + ",{");
        RC_ASSERT(found);
        RC_ASSERT(found->record == record);
        RC_ASSERT(found->length == text.size());
        RC_ASSERT(hash_of(*found, text) == record.hash);
        RC_ASSERT(read_slowly(text) == record);
    }));
}

TEST(CanonicalRecord, WhatIsReadOfADamagedTextIsWhatAnyReaderReadsAndWouldBeWrittenSo) {
    EXPECT_TRUE(rc::check("damaged records", [] {
        const auto text = damaged(record_json(any_writable()));
        const auto found = read_canonical_record(text);
        if (!found || found->length != text.size()) return;
        RC_ASSERT(read_slowly(text) == found->record);
        RC_ASSERT(record_json(found->record) == text);
        RC_ASSERT(hash_of(*found, text) == record_hash(found->record));
    }));
}

TEST(CanonicalRecord, OtherFormsOfARecordAreLeftToTheReaderOfAnyJson) {
    AiringRecord record;
    record.seq = 7;
    record.board = "b";
    record.started = Instant{};
    record.hash = record_hash(record);
    const auto text = record_json(record);
    ASSERT_TRUE(read_canonical_record(text));
    const auto with = [&](const std::string& before, const std::string& after) {
        auto out = text;
        const auto at = out.find(before);
        EXPECT_NE(at, out.npos) << before;
        return out.replace(at, before.size(), after);
    };
    for (const auto& other :
         {with("\"seq\":7", "\"seq\":07"), with("\"seq\":7", "\"seq\":0"), with("\"seq\":7", "\"seq\": 7"),
          with("\"seq\":7", "\"seq\":9007199254740993"), with("\"lost\":0", "\"lost\":-0"),
          with("\"lost\":0", "\"lost\":-1"), with("clock_error_ms\":-1", "clock_error_ms\":-2"),
          with("00.000000Z", "60.000000Z"), with("00.000000Z", "00.00000Z"), with("00.000000Z", "00.000000z"),
          with("\"board\":\"b\"", "\"board\":\"" + std::string(65, 'b') + '"'),
          with("\"board\":\"b\"", "\"board\":\"\\u0062\""), with("\"board\":\"b\"", "\"board\":\"\xff\""),
          with("\"evidence\":{}", R"("evidence":{"b":"1","a":"2"})"),
          with("\"evidence\":{}", R"("evidence":{"a":"1","a":"2"})"),
          with("\"status\":\"\"", "\"status\":\"a\""), with("\"format\":1", "\"format\":2"),
          with("\"hash\":", "\"hush\":")})
        EXPECT_FALSE(read_canonical_record(other)) << other;
}

using BatchOutcome = std::variant<Batch, std::string>;

BatchOutcome read_batch(const std::string& text) {
    try {
        return parse_batch(text);
    } catch (const Error& e) {
        const std::string what = e.what();  // the space counts as a byte
        return what.substr(0, what.find(" at byte "));
    }
}

bool same(const BatchOutcome& a, const BatchOutcome& b) {
    const auto *x = std::get_if<Batch>(&a), *y = std::get_if<Batch>(&b);
    if (!x || !y) return !x && !y && std::get<std::string>(a) == std::get<std::string>(b);
    return signed_text(*x) == signed_text(*y) && x->signature == y->signature && x->airings == y->airings &&
           x->set_aside.has_value() == y->set_aside.has_value();
}

Batch any_batch(std::size_t count) {
    Batch batch;
    batch.board = "kh-pp-01";
    batch.epoch = "e1";
    batch.first = *rc::gen::element<std::int64_t>(1, 7);
    batch.head = batch.first == 1 ? first_previous(batch.board, batch.epoch) : std::string(64, 'c');
    for (std::size_t i = 0; i < count; ++i) {
        auto record = any_writable();
        record.board = batch.board;
        record.epoch = batch.epoch;
        record.seq = batch.first + static_cast<std::int64_t>(i);
        record.previous = batch.head;
        batch.head = record.hash = record_hash(record);
        batch.airings.push_back(record);
    }
    batch.last = batch.first + static_cast<std::int64_t>(count) - 1;
    return batch;
}

TEST(CanonicalRecord, ABatchIsReadAsAnyOtherJsonWouldBeToTheLastError) {
    EXPECT_TRUE(rc::check("batches", [] {
        const auto key = SigningKey::generate();
        auto batch = any_batch(*rc::gen::inRange<std::size_t>(1, 4));
        const auto which = *rc::gen::inRange<std::size_t>(0, 12);
        if (which == 0) batch.airings.back().hash = batch.head = std::string(64, 'd');
        if (which == 1) batch.airings.front().previous = std::string(64, 'e');
        if (which == 2) batch.airings.back().board = "another";
        auto text = write_batch(batch, key);
        if (which > 6) text = damaged(text);
        const auto read = read_batch(text);
        RC_ASSERT(same(read, read_batch(' ' + text)));
        if (which > 2 && which < 7) RC_ASSERT(std::get<Batch>(read).airings == batch.airings);
    }));
}

TEST(CanonicalRecord, TheHeadOfABatchIsTheOneThatItsReaderSees) {
    EXPECT_TRUE(rc::check("heads", [] {
        const auto key = SigningKey::generate();
        auto text = write_batch(any_batch(2), key);
        if (*rc::gen::arbitrary<bool>()) text = damaged(text);
        const auto read = read_batch(text);
        if (const auto* batch = std::get_if<Batch>(&read)) {
            const auto head = read_batch_head(text);
            RC_ASSERT(signed_text(head) == signed_text(*batch));
            RC_ASSERT(head.signature == batch->signature);
        }
    }));
}

TEST(CanonicalRecord, ASecondHeadWithinTheRecordsIsNotTheBatchs) {
    const auto key = SigningKey::generate();
    Batch batch;
    batch.board = "mine";
    batch.epoch = "e1";
    batch.first = batch.last = 1;
    AiringRecord record;
    record.board = "mine";
    record.epoch = "e1";
    record.seq = 1;
    record.previous = first_previous("mine", "e1");
    batch.head = record.hash = record_hash(record);
    batch.airings.push_back(record);
    auto text = write_batch(batch, key);
    EXPECT_EQ(read_batch_head(text).board, "mine");
    const auto inner = R"("a":[],"board":"theirs","epoch":"e1","first":1,"format":1,"head":"h","last":1,)"
                       R"("public_key":"k","signature":"s"}],"board":)";
    auto forged = text;
    forged.replace(forged.find("}],\"board\":"), 11, std::string(",") + inner);
    EXPECT_EQ(read_batch_head(forged).board, "mine");
    EXPECT_THROW(static_cast<void>(parse_batch(forged)), Error);
}

}  // namespace
}  // namespace riverlight::content
