#include "content/airing/time_gap.hpp"

#include <cassert>

namespace riverlight::content {

AiringRecord record_of(const TimeGap& gap, const std::string& place) {
    assert(!gap.boot_id.empty() && gap.from < gap.until);
    AiringRecord record;
    record.kind = RecordKind::time_gap;
    record.place = place;
    record.planned_start = gap.from;
    record.planned_end = gap.until;
    record.clock = gap.clock;
    record.clock_error = gap.error;
    record.boot_id = gap.boot_id;
    record.monotonic_start = gap.monotonic;
    record.status = AiringStatus::skipped;
    record.reason = "the clock was set ahead: nothing is known from " + to_rfc3339(gap.from) + " to " +
                    to_rfc3339(gap.until);
    return record;
}

std::optional<TimeGap> time_gap_of(const AiringRecord& record) {
    const bool is_whole = record.kind == RecordKind::time_gap && record.monotonic_start &&
                          record.planned_start && record.planned_end &&
                          *record.planned_start < *record.planned_end;
    if (!is_whole) return {};
    return TimeGap{record.boot_id,          *record.planned_start, *record.planned_end,
                   *record.monotonic_start, record.clock,          record.clock_error};
}

}  // namespace riverlight::content
