#include "content/airing/record.hpp"

#include <algorithm>
#include <array>

#include "content/airing/canonical_record.hpp"
#include "content/airing/record_reader.hpp"
#include "content/base/canonical_object.hpp"
#include "content/base/crypto.hpp"
#include "content/base/error.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {
namespace {

namespace json = boost::json;

void add_instant(CanonicalObject& o, std::string_view key, const std::optional<Instant>& at) {
    if (at)
        o.add(key, to_rfc3339(*at));
    else
        o.add_null(key);
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

/// The plain texts of a record, with the most bytes that each may have.
struct TextField {
    std::string_view key;
    std::string AiringRecord::*text;
    std::size_t longest;
};
constexpr std::array text_fields{TextField{"board", &AiringRecord::board, 64},
                                 TextField{"epoch", &AiringRecord::epoch, 64},
                                 TextField{"outlet", &AiringRecord::outlet, 64},
                                 TextField{"place", &AiringRecord::place, 64},
                                 TextField{"booking", &AiringRecord::booking, 64},
                                 TextField{"campaign", &AiringRecord::campaign, 64},
                                 TextField{"segment", &AiringRecord::segment, 64},
                                 TextField{"sha256", &AiringRecord::sha256, 64},
                                 TextField{"locale_asked", &AiringRecord::locale_asked, 64},
                                 TextField{"locale_aired", &AiringRecord::locale_aired, 64},
                                 TextField{"boot_id", &AiringRecord::boot_id, 64},
                                 TextField{"reason", &AiringRecord::reason, 2000},
                                 TextField{"previous", &AiringRecord::previous, 64}};
constexpr std::size_t longest_id = 128, longest_hash = 64;
constexpr std::size_t longest_evidence_key = 64;  ///< bytes

std::map<std::string, std::string> writable_evidence(const std::map<std::string, std::string>& said) {
    std::map<std::string, std::string> out;
    const auto carried = said.find(evidence_journal_before);
    if (carried != said.end()) out[carried->first] = plain_text(carried->second, longest_evidence);
    for (const auto& [key, value] : said) {
        if (out.size() == most_evidence) break;
        out.emplace(plain_text(key, longest_evidence_key), plain_text(value, longest_evidence));
    }
    return out;
}

/// A count beyond what every reader keeps is not known; neither is one below 0.
template <class Time>
void limit_count(std::optional<Time>& time) {
    if (time && (count_of(time) < 0 || count_of(time) > most)) time.reset();
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

Instant writable_instant(Instant at) {
    using std::chrono::sys_days;
    using std::chrono::year;
    constexpr Instant first = sys_days{year{0} / 1 / 1}, end = sys_days{year{10'000} / 1 / 1};
    return std::clamp(at, first, end - std::chrono::microseconds(1));
}

AiringRecord read_record(const json::value& value, const std::string& what) {
    JsonFields f(value, what);
    f.format(1);
    AiringRecord r;
    for (const auto& field : text_fields) r.*field.text = f.text(field.key, field.longest);
    r.seq = f.integer("seq", 1, most);
    const auto id = f.text("airing", longest_id);
    r.revision = f.integer("revision", 0, most);
    r.planned_start = read_instant(f, "planned_start");
    r.planned_end = read_instant(f, "planned_end");
    r.started = read_instant(f, "started");
    r.ended = read_instant(f, "ended");
    r.clock = read_clock(f);
    r.clock_error = read_count<std::chrono::milliseconds, std::chrono::milliseconds>(f, "clock_error_ms");
    r.monotonic_start = read_count<MonotonicTime, std::chrono::microseconds>(f, "monotonic_start_us");
    r.monotonic_end = read_count<MonotonicTime, std::chrono::microseconds>(f, "monotonic_end_us");
    r.status = read_status(f);
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
    r.hash = f.text_or("hash", "", longest_hash);
    f.closed();
    set_record_id(r, id);
    return r;
}

AiringRecord writable(AiringRecord r) {
    for (const auto& field : text_fields) r.*field.text = plain_text(r.*field.text, field.longest);
    r.hash = plain_text(r.hash, longest_hash);
    r.seq = std::clamp(r.seq, std::int64_t{1}, most);
    for (auto* count : {&r.revision, &r.frames, &r.lost, &r.repeated, &r.samples})
        *count = std::clamp(*count, std::int64_t{0}, most);
    for (auto* at : {&r.planned_start, &r.planned_end, &r.started, &r.ended})
        if (*at) **at = writable_instant(**at);
    limit_count(r.clock_error);
    limit_count(r.monotonic_start);
    limit_count(r.monotonic_end);
    limit_id(r, longest_id);
    r.evidence = writable_evidence(r.evidence);
    return r;
}

// In the order of keys.
std::string record_json(const AiringRecord& r, bool with_hash) {
    CanonicalObject o;
    o.add("airing", record_id(r));
    o.add("board", r.board);
    o.add("booking", r.booking);
    o.add("boot_id", r.boot_id);
    o.add("campaign", r.campaign);
    o.add("clock", to_text(r.clock));
    o.add("clock_error_ms", count_of(r.clock_error));
    add_instant(o, "ended", r.ended);
    o.add("epoch", r.epoch);
    o.add_texts("evidence", r.evidence);
    o.add("format", 1);
    o.add("frames", r.frames);
    if (with_hash) o.add("hash", r.hash);
    o.add("locale_aired", r.locale_aired);
    o.add("locale_asked", r.locale_asked);
    o.add("lost", r.lost);
    o.add("monotonic_end_us", count_of(r.monotonic_end));
    o.add("monotonic_start_us", count_of(r.monotonic_start));
    o.add("outlet", r.outlet);
    o.add("place", r.place);
    add_instant(o, "planned_end", r.planned_end);
    add_instant(o, "planned_start", r.planned_start);
    o.add("previous", r.previous);
    o.add("reason", r.reason);
    o.add("repeated", r.repeated);
    o.add("revision", r.revision);
    o.add("samples", r.samples);
    o.add("segment", r.segment);
    o.add("seq", r.seq);
    o.add("sha256", r.sha256);
    add_instant(o, "started", r.started);
    o.add("status", r.status ? to_text(*r.status) : std::string_view());
    return std::move(o).text();
}

AiringRecord parse_record(std::string_view text, const std::string& what) {
    if (auto found = read_canonical_record(text); found && found->length == text.size())
        return std::move(found->record);
    return read_record(parse_json(text, what, {64U << 10, 4, 1000}), what);
}

std::string record_hash(const AiringRecord& record) {
    return sha256_hex(record_json(record, false));
}

std::string first_previous(std::string_view board, std::string_view epoch) {
    return sha256_hex("riverlight epoch " + std::string(board) + ' ' + std::string(epoch));
}

}  // namespace riverlight::content
