#include <cassert>

#include "content/airing/record_reader.hpp"
#include "content/base/plain_text.hpp"

namespace riverlight::content {
namespace {

std::string time_fix_id(const AiringRecord& record) {
    return "unplanned-clock-" + record.boot_id;
}

std::string time_gap_id(const AiringRecord& record) {
    const auto at = record.monotonic_start.value_or(MonotonicTime{}).time_since_epoch();
    return "unplanned-time-gap-" + record.boot_id + '-' + std::to_string(at.count());
}

std::string withdrawal_id(const AiringRecord& record) {
    return "unplanned-withdrawal-" + record.segment + '-' + record.locale_asked;
}

}  // namespace

std::string record_id(const AiringRecord& record) {
    assert(record.kind == RecordKind::airing || record.airing.empty());
    switch (record.kind) {
        case RecordKind::airing:
            return record.airing;
        case RecordKind::time_fix:
            return time_fix_id(record);
        case RecordKind::time_gap:
            return time_gap_id(record);
        case RecordKind::withdrawal:
            return withdrawal_id(record);
    }
    assert(false && "no record kind");
    return {};
}

void set_record_id(AiringRecord& record, const std::string& id) {
    record.airing.clear();
    if (!record.boot_id.empty() && id == time_fix_id(record)) {
        record.kind = RecordKind::time_fix;
    } else if (!record.boot_id.empty() && record.monotonic_start && id == time_gap_id(record)) {
        record.kind = RecordKind::time_gap;
    } else if (!record.segment.empty() && id == withdrawal_id(record)) {
        record.kind = RecordKind::withdrawal;
    } else {
        record.kind = RecordKind::airing;
        record.airing = id;
    }
    assert(record_id(record) == id);
}

void limit_id(AiringRecord& record, std::size_t longest) {
    switch (record.kind) {
        case RecordKind::airing:
            record.airing = plain_text(record.airing, longest);
            return;
        case RecordKind::time_gap:
            if (!record.monotonic_start) record.monotonic_start = MonotonicTime{};
            [[fallthrough]];
        case RecordKind::time_fix:
            record.airing.clear();
            if (record.boot_id.empty()) record.boot_id = "unknown";
            return;
        case RecordKind::withdrawal:
            record.airing.clear();
            if (record.segment.empty()) record.segment = "unknown";
            // As long as an id of a segment and a tag of a language may be.
            record.segment = plain_text(record.segment, 63);
            record.locale_asked = plain_text(record.locale_asked, 35);
            return;
    }
    assert(false && "no record kind");
}

}  // namespace riverlight::content
