#include "content/airing/batch.hpp"

#include <cassert>

#include "content/airing/canonical_record.hpp"
#include "content/airing/record_reader.hpp"
#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

json::object signed_part(const Receipt& receipt) {
    return {{"board", receipt.board}, {"epoch", receipt.epoch}, {"format", 1},
            {"head", receipt.head},   {"held", receipt.held},   {"office", receipt.office}};
}

constexpr std::size_t longest_why = 500;
constexpr std::size_t most_records = 10'000;

json::object write_set_aside(const Batch& batch) {
    assert(batch.airings.empty() && batch.first == batch.last && batch.head == batch.set_aside->hash);
    return {{"format", 1},
            {"board", batch.board},
            {"epoch", batch.epoch},
            {"seq", batch.first},
            {"previous", batch.set_aside->previous},
            {"hash", batch.set_aside->hash},
            {"set_aside", plain_text(batch.set_aside->why, longest_why)}};
}

/// Nothing if the batch's only entry is an airing.
std::optional<SetAside> read_set_aside(const json::array& airings, const Batch& batch) {
    const auto* only = airings.size() == 1 ? airings[0].if_object() : nullptr;
    if (!only || !only->contains("set_aside")) return {};
    JsonFields f(*only, "set aside");
    f.format(1);
    if (f.text("board", 64) != batch.board || f.text("epoch", 64) != batch.epoch ||
        f.integer("seq", 1, most) != batch.first)
        throw Error("batch: what it sets aside is of another board, epoch or number");
    SetAside out{f.text("previous", 64), f.text("hash", 64), plain_text(f.text("set_aside", 2000))};
    f.closed();
    if (out.hash != batch.head) throw Error("batch: its head is not the hash of what it sets aside");
    if (batch.first == 1 && out.previous != first_previous(batch.board, batch.epoch))
        throw Error("batch: what it sets aside does not begin the epoch");
    return out;
}

/// Throws BadRecord for a record that does not stand under `seq` behind those before it. `hash`: of what it
/// says.
void check_entry(const AiringRecord& record, const std::string& hash, std::int64_t seq, const Batch& batch) {
    if (record.seq != seq || record.board != batch.board || record.epoch != batch.epoch)
        throw BadRecord(seq, "is of another board, epoch or number");
    if (record.hash != hash) throw BadRecord(seq, "its hash does not fit what it says");
    const auto& before = batch.airings;
    if (seq == 1 ? record.previous != first_previous(batch.board, batch.epoch)
                 : !before.empty() && record.previous != before.back().hash)
        throw BadRecord(seq, "does not follow the record before it");
}

/// The record under `seq`; throws BadRecord.
AiringRecord read_entry(const json::value& value, std::int64_t seq, const Batch& batch) {
    AiringRecord record;
    std::string hash;
    try {
        record = read_record(value, "record");
        hash = record_hash(record);
    } catch (const Error& e) {
        throw BadRecord(seq, e.what());
    }
    check_entry(record, hash, seq, batch);
    return record;
}

/// A batch as boards write it: records in canonical form, then its head.
struct CanonicalBatch {
    Batch head;
    std::vector<AiringRecord> records;
    std::vector<std::string> hashes;  ///< of what the records say
};

/// Nothing for a text that is not written so; it is read as any other JSON then.
std::optional<CanonicalBatch> read_canonical_batch(std::string_view text) {
    if (text.size() > longest_batch || !text.starts_with(records_begin)) return std::nullopt;
    CanonicalBatch out;
    text.remove_prefix(records_begin.size());
    for (;;) {
        auto found = read_canonical_record(text);
        if (!found || out.records.size() == most_records) return std::nullopt;
        out.hashes.push_back(hash_of(*found, text));
        out.records.push_back(std::move(found->record));
        text.remove_prefix(found->length);
        if (!text.starts_with(',')) break;
        text.remove_prefix(1);
    }
    if (!text.starts_with(records_end)) return std::nullopt;
    text.remove_prefix(records_end.size());
    auto head = read_canonical_head(text);
    if (!head) return std::nullopt;
    static_cast<BatchHead&>(out.head) = std::move(*head);
    return out;
}

void check_count(const Batch& batch, std::size_t count) {
    if (static_cast<std::int64_t>(count) != batch.last - batch.first + 1)
        throw Error("batch: says seq " + std::to_string(batch.first) + " to " + std::to_string(batch.last) +
                    " and holds " + std::to_string(count) + " airings");
}

void check_head(const Batch& batch) {
    if (batch.airings.back().hash != batch.head) throw Error("batch: its head is not the last record's hash");
}

/// Checks the chain of what was read.
Batch checked(CanonicalBatch read) {
    auto& batch = read.head;
    check_count(batch, read.records.size());
    batch.airings.reserve(read.records.size());
    for (std::size_t i = 0; i < read.records.size(); ++i) {
        check_entry(read.records[i], read.hashes[i], batch.first + static_cast<std::int64_t>(i), batch);
        batch.airings.push_back(std::move(read.records[i]));
    }
    check_head(batch);
    return std::move(batch);
}

}  // namespace

std::string write_batch(const Batch& batch, const SigningKey& key) {
    assert(batch.set_aside || (!batch.airings.empty() && batch.airings.front().seq == batch.first &&
                               batch.airings.back().seq == batch.last));
    json::array airings;
    if (batch.set_aside) airings.push_back(write_set_aside(batch));
    for (const auto& record : batch.airings) airings.push_back(parse_json(record_json(record), "record"));
    const auto covered = signed_text(batch);
    auto o = parse_json(covered, "batch").as_object();
    o["signature"] = key.sign(covered);
    o["public_key"] = key.public_hex();
    o["airings"] = std::move(airings);
    return canonical_json(o);
}

Batch parse_batch(std::string_view text) {
    if (auto canonical = read_canonical_batch(text)) return checked(std::move(*canonical));
    const auto value = parse_json(text, "batch", {longest_batch, 6, 500'000});
    JsonFields f(value, "batch");
    f.format(1);
    Batch batch;
    read_head_fields(f, batch);
    static_cast<void>(f.text("public_key", 64));
    const auto& airings = f.array("airings", most_records);
    f.closed();
    check_count(batch, airings.size());
    batch.set_aside = read_set_aside(airings, batch);
    if (batch.set_aside) return batch;
    for (const auto& item : airings) {
        const auto seq = batch.first + static_cast<std::int64_t>(batch.airings.size());
        batch.airings.push_back(read_entry(item, seq, batch));
    }
    check_head(batch);
    return batch;
}

std::string write_receipt(const Receipt& receipt, const SigningKey& office_key) {
    auto out = receipt;
    out.office = office_key.public_hex();
    auto o = signed_part(out);
    const auto signature = office_key.sign(canonical_json(o));
    o["signature"] = signature;
    return canonical_json(o);
}

Receipt parse_receipt(std::string_view text, std::string_view office_public_hex) {
    const auto value = parse_json(text, "receipt", {16U << 10, 4, 100});
    JsonFields f(value, "receipt");
    f.format(1);
    Receipt receipt;
    receipt.board = f.text("board", 64);
    receipt.epoch = f.text("epoch", 64);
    receipt.held = f.integer("held", 0, most);
    receipt.head = f.text("head", 64);
    receipt.office = f.text("office", 64);
    receipt.signature = f.text("signature", 128);
    if (receipt.office != office_public_hex ||
        !verify_signature(office_public_hex, canonical_json(signed_part(receipt)), receipt.signature))
        throw Error("receipt: is not signed by the office this board enrolled with");
    return receipt;
}

}  // namespace riverlight::content
