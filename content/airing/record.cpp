#include "content/airing/record.hpp"

#include "content/base/json.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;
constexpr std::int64_t most = std::int64_t{1} << 53;

json::value instant_or_null(const std::optional<Instant>& at) {
    return at ? json::value(to_rfc3339(*at)) : json::value(nullptr);
}

std::optional<Instant> read_instant(JsonFields& fields, std::string_view key) {
    const auto* value = fields.optional(key);
    if (!value) return std::nullopt;
    const auto at = value->is_string() ? from_rfc3339(std::string_view(value->get_string())) : std::nullopt;
    if (!at) throw Error(fields.what() + ": '" + std::string(key) + "' is no RFC 3339 instant");
    return at;
}

ClockState clock_from(const std::string& text, const std::string& what) {
    for (const auto state : {ClockState::floor, ClockState::unsynchronised, ClockState::synchronised})
        if (to_text(state) == text) return state;
    throw Error(what + ": clock '" + text + "' is no clock state");
}

AiringRecord record_of(const json::value& value, const std::string& what) {
    JsonFields f(value, what);
    f.format(1);
    AiringRecord r;
    r.board = f.text("board", 64);
    r.epoch = f.text("epoch", 64);
    r.seq = f.integer("seq", 1, most);
    r.outlet = f.text("outlet", 64);
    r.place = f.text("place", 64);
    r.airing = f.text("airing", 128);
    r.booking = f.text("booking", 64);
    r.campaign = f.text("campaign", 64);
    r.segment = f.text("segment", 64);
    r.revision = f.integer("revision", 0, most);
    r.sha256 = f.text("sha256", 64);
    r.locale_asked = f.text("locale_asked", 64);
    r.locale_aired = f.text("locale_aired", 64);
    r.planned_start = read_instant(f, "planned_start");
    r.planned_end = read_instant(f, "planned_end");
    r.started = read_instant(f, "started");
    r.ended = read_instant(f, "ended");
    r.clock = clock_from(f.text("clock", 32), what);
    r.clock_error_ms = f.integer("clock_error_ms", -1, most);
    r.boot_id = f.text("boot_id", 64);
    r.monotonic_start_us = f.integer("monotonic_start_us", -1, most);
    r.monotonic_end_us = f.integer("monotonic_end_us", -1, most);
    r.status = f.text("status", 32);
    r.reason = f.text("reason", 2000);
    r.frames = f.integer("frames", 0, most);
    r.lost = f.integer("lost", 0, most);
    r.repeated = f.integer("repeated", 0, most);
    r.samples = f.integer("samples", 0, most);
    JsonFields evidence(f.object("evidence"), what + ": evidence");
    for (const auto& entry : f.object("evidence")) {
        if (r.evidence.size() >= 32) throw Error(what + ": holds more than 32 pieces of evidence");
        r.evidence[entry.key()] = evidence.text(entry.key(), 500);
    }
    r.previous = f.text("previous", 64);
    r.hash = f.text_or("hash", "", 64);
    f.closed();
    return r;
}

json::object signed_part(const Batch& batch) {
    return {{"board", batch.board}, {"epoch", batch.epoch}, {"first", batch.first},
            {"format", 1},          {"head", batch.head},   {"last", batch.last}};
}

json::object signed_part(const Receipt& receipt) {
    return {{"board", receipt.board}, {"epoch", receipt.epoch}, {"format", 1},
            {"head", receipt.head},   {"held", receipt.held},   {"office", receipt.office}};
}

}  // namespace

std::string_view to_text(ClockState state) {
    switch (state) {
        case ClockState::floor:
            return "floor";
        case ClockState::unsynchronised:
            return "unsynchronised";
        case ClockState::synchronised:
            return "synchronised";
    }
    return "floor";
}

std::string record_json(const AiringRecord& r, bool with_hash) {
    json::object evidence;
    for (const auto& [key, value] : r.evidence) evidence[key] = value;
    json::object o{{"format", 1},
                   {"board", r.board},
                   {"epoch", r.epoch},
                   {"seq", r.seq},
                   {"outlet", r.outlet},
                   {"place", r.place},
                   {"airing", r.airing},
                   {"booking", r.booking},
                   {"campaign", r.campaign},
                   {"segment", r.segment},
                   {"revision", r.revision},
                   {"sha256", r.sha256},
                   {"locale_asked", r.locale_asked},
                   {"locale_aired", r.locale_aired},
                   {"planned_start", instant_or_null(r.planned_start)},
                   {"planned_end", instant_or_null(r.planned_end)},
                   {"started", instant_or_null(r.started)},
                   {"ended", instant_or_null(r.ended)},
                   {"clock", to_text(r.clock)},
                   {"clock_error_ms", r.clock_error_ms},
                   {"boot_id", r.boot_id},
                   {"monotonic_start_us", r.monotonic_start_us},
                   {"monotonic_end_us", r.monotonic_end_us},
                   {"status", r.status},
                   {"reason", r.reason},
                   {"frames", r.frames},
                   {"lost", r.lost},
                   {"repeated", r.repeated},
                   {"samples", r.samples},
                   {"evidence", std::move(evidence)},
                   {"previous", r.previous}};
    if (with_hash) o["hash"] = r.hash;
    return canonical_json(o);
}

AiringRecord parse_record(std::string_view text, const std::string& what) {
    return record_of(parse_json(text, what, {64U << 10, 4, 1000}), what);
}

std::string record_hash(const AiringRecord& record) {
    return sha256_hex(record_json(record, false));
}

std::string first_previous(std::string_view board, std::string_view epoch) {
    return sha256_hex("riverlight epoch " + std::string(board) + ' ' + std::string(epoch));
}

std::string write_batch(const Batch& batch, const SigningKey& key) {
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
        auto record = record_of(item, what);
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
