#include "content/airing/record.hpp"

#include "content/airing/record_reader.hpp"
#include "content/base/crypto.hpp"
#include "content/base/error.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

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

ClockState read_clock(JsonFields& fields) {
    const auto text = fields.text("clock", 32);
    const auto state = parse_clock_state(text);
    if (!state) throw Error(fields.what() + ": clock '" + text + "' is no clock state");
    return *state;
}

/// A time of `Duration` units; absent if the record says −1.
template <class Value, class Duration>
std::optional<Value> read_count(JsonFields& fields, std::string_view key) {
    const auto count = fields.integer(key, -1, most);
    if (count < 0) return std::nullopt;
    return Value(Duration(count));
}

std::int64_t count_of(const std::optional<std::chrono::milliseconds>& time) {
    return time ? time->count() : -1;
}

std::int64_t count_of(const std::optional<MonotonicTime>& time) {
    return time ? time->time_since_epoch().count() : -1;
}

/// A text for people as a record can hold it. Canonical JSON escapes quotes and backslashes only, so control
/// characters would make the record unreadable; so would a UTF-8 sequence that was cut at its end. Readable
/// text stays as it is.
std::string readable(std::string text) {
    for (auto& c : text)
        if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    std::size_t tail = 0;  // continuation bytes at the end
    while (tail < text.size() && tail < 3 &&
           (static_cast<unsigned char>(text[text.size() - 1 - tail]) & 0xc0U) == 0x80)
        ++tail;
    if (tail == text.size()) return text;
    const auto lead = static_cast<unsigned char>(text[text.size() - 1 - tail]);
    const std::size_t needed = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    if (needed > tail) text.resize(text.size() - 1 - tail);
    return text;
}

/// Open airings have no status yet: an empty text.
std::optional<AiringStatus> read_status(JsonFields& fields) {
    const auto text = fields.text("status", 32);
    if (text.empty()) return std::nullopt;
    const auto status = parse_airing_status(text);
    if (!status) throw Error(fields.what() + ": status '" + text + "' is unknown");
    return status;
}

}  // namespace

AiringRecord read_record(const json::value& value, const std::string& what) {
    JsonFields f(value, what);
    f.format(1);
    AiringRecord r;
    r.board = f.text("board", 64);
    r.epoch = f.text("epoch", 64);
    r.seq = f.integer("seq", 1, most);
    r.outlet = f.text("outlet", 64);
    r.place = f.text("place", 64);
    const auto id = f.text("airing", 128);
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
    r.clock = read_clock(f);
    r.clock_error = read_count<std::chrono::milliseconds, std::chrono::milliseconds>(f, "clock_error_ms");
    r.boot_id = f.text("boot_id", 64);
    r.monotonic_start = read_count<MonotonicTime, std::chrono::microseconds>(f, "monotonic_start_us");
    r.monotonic_end = read_count<MonotonicTime, std::chrono::microseconds>(f, "monotonic_end_us");
    r.status = read_status(f);
    r.reason = f.text("reason", 2000);
    r.frames = f.integer("frames", 0, most);
    r.lost = f.integer("lost", 0, most);
    r.repeated = f.integer("repeated", 0, most);
    r.samples = f.integer("samples", 0, most);
    JsonFields evidence(f.object("evidence"), what + ": evidence");
    for (const auto& entry : f.object("evidence")) {
        if (r.evidence.size() >= most_evidence)
            throw Error(what + ": holds more than " + std::to_string(most_evidence) + " pieces of evidence");
        r.evidence[entry.key()] = evidence.text(entry.key(), longest_evidence);
    }
    r.previous = f.text("previous", 64);
    r.hash = f.text_or("hash", "", 64);
    f.closed();
    set_record_id(r, id);
    return r;
}

std::string record_json(const AiringRecord& r, bool with_hash) {
    json::object evidence;
    for (const auto& [key, value] : r.evidence) evidence[key] = readable(value);
    json::object o{{"format", 1},
                   {"board", r.board},
                   {"epoch", r.epoch},
                   {"seq", r.seq},
                   {"outlet", r.outlet},
                   {"place", r.place},
                   {"airing", record_id(r)},
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
                   {"clock_error_ms", count_of(r.clock_error)},
                   {"boot_id", r.boot_id},
                   {"monotonic_start_us", count_of(r.monotonic_start)},
                   {"monotonic_end_us", count_of(r.monotonic_end)},
                   {"status", r.status ? to_text(*r.status) : ""},
                   {"reason", readable(r.reason)},
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
    return read_record(parse_json(text, what, {64U << 10, 4, 1000}), what);
}

std::string record_hash(const AiringRecord& record) {
    return sha256_hex(record_json(record, false));
}

std::string first_previous(std::string_view board, std::string_view epoch) {
    return sha256_hex("riverlight epoch " + std::string(board) + ' ' + std::string(epoch));
}

}  // namespace riverlight::content
