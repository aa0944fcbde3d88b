#include "content/airing/batch.hpp"

#include <cassert>

#include "content/airing/record_reader.hpp"
#include "content/base/error.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

json::object signed_part(const Batch& batch) {
    return {{"board", batch.board}, {"epoch", batch.epoch}, {"first", batch.first},
            {"format", 1},          {"head", batch.head},   {"last", batch.last}};
}

json::object signed_part(const Receipt& receipt) {
    return {{"board", receipt.board}, {"epoch", receipt.epoch}, {"format", 1},
            {"head", receipt.head},   {"held", receipt.held},   {"office", receipt.office}};
}

}  // namespace

std::string write_batch(const Batch& batch, const SigningKey& key) {
    assert(!batch.airings.empty() && batch.airings.front().seq == batch.first &&
           batch.airings.back().seq == batch.last);
    json::array airings;
    for (const auto& record : batch.airings) airings.push_back(parse_json(record_json(record), "record"));
    auto o = signed_part(batch);
    o["signature"] = key.sign(canonical_json(signed_part(batch)));
    o["public_key"] = key.public_hex();
    o["airings"] = std::move(airings);
    return canonical_json(o);
}

Batch parse_batch(std::string_view text) {
    const auto value = parse_json(text, "batch", {8U << 20, 6, 500'000});
    JsonFields f(value, "batch");
    f.format(1);
    Batch batch;
    batch.board = f.text("board", 64);
    batch.epoch = f.text("epoch", 64);
    batch.first = f.integer("first", 1, most);
    batch.last = f.integer("last", batch.first, most);
    batch.head = f.text("head", 64);
    batch.signature = f.text("signature", 128);
    static_cast<void>(f.text("public_key", 64));
    const auto& airings = f.array("airings", 10'000);
    f.closed();
    if (static_cast<std::int64_t>(airings.size()) != batch.last - batch.first + 1)
        throw Error("batch: says seq " + std::to_string(batch.first) + " to " + std::to_string(batch.last) +
                    " and holds " + std::to_string(airings.size()) + " airings");
    std::string previous;
    for (const auto& item : airings) {
        const auto seq = batch.first + static_cast<std::int64_t>(batch.airings.size());
        const auto what = "seq " + std::to_string(seq);
        auto record = read_record(item, what);
        if (record.seq != seq || record.board != batch.board || record.epoch != batch.epoch)
            throw Error(what + ": is of another board, epoch or number");
        if (record.hash != record_hash(record)) throw Error(what + ": its hash does not fit what it says");
        if (seq == 1 ? record.previous != first_previous(batch.board, batch.epoch)
                     : !previous.empty() && record.previous != previous)
            throw Error(what + ": does not follow the record before it");
        previous = record.hash;
        batch.airings.push_back(std::move(record));
    }
    if (previous != batch.head) throw Error("batch: its head is not the last record's hash");
    return batch;
}

bool batch_signed_by(const Batch& batch, std::string_view public_hex) {
    return verify_signature(public_hex, canonical_json(signed_part(batch)), batch.signature);
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
