#include "content/airing/time_fix.hpp"

#include <cassert>

#include "content/airing/shown.hpp"

namespace riverlight::content {
namespace {

constexpr std::int64_t drift_ppm = 100;  ///< of a board's oscillator, at most

}  // namespace

AiringRecord record_of(const TimeFix& fix, const std::string& place) {
    assert(!fix.boot_id.empty());
    AiringRecord record;
    record.kind = RecordKind::time_fix;
    record.place = place;
    record.started = fix.at;
    record.clock = ClockState::synchronised;
    record.clock_error = fix.error;
    record.boot_id = fix.boot_id;
    record.monotonic_start = fix.monotonic;
    record.status = AiringStatus::skipped;
    record.reason = "the clock was set: what aired before in this boot is placed in time by it";
    return record;
}

std::optional<TimeFix> time_fix_of(const AiringRecord& record) {
    const bool is_sure = record.kind == RecordKind::time_fix && record.clock == ClockState::synchronised &&
                         record.started && record.monotonic_start;
    if (!is_sure) return {};
    return TimeFix{record.board, record.boot_id, *record.started, *record.monotonic_start,
                   record.clock_error};
}

bool needs_time_fix(const AiringRecord& record) {
    return record.started && record.monotonic_start && record.clock != ClockState::synchronised &&
           !record.boot_id.empty() && record.boot_id != "unknown";
}

std::optional<CorrectedTimes> corrected_times(const AiringRecord& record, const TimeFix& fix) {
    if (!needs_time_fix(record) || record.board != fix.board || record.boot_id != fix.boot_id) return {};
    const auto utc = [&](MonotonicTime at) { return fix.at + (at - fix.monotonic); };
    CorrectedTimes corrected;
    corrected.started = utc(*record.monotonic_start);
    if (const auto lasted = duration_of(record); lasted && record.ended)
        corrected.ended = corrected.started + *lasted;
    if (fix.error) {
        const auto apart = std::chrono::floor<std::chrono::seconds>(
            std::chrono::abs(*record.monotonic_start - fix.monotonic));
        corrected.error = *fix.error + std::chrono::milliseconds(apart.count() * drift_ppm / 1000 + 1);
    }
    return corrected;
}

void TimeFixes::add(const AiringRecord& record) {
    if (const auto fix = time_fix_of(record)) fixes_.emplace(std::pair{fix->board, fix->boot_id}, *fix);
}

std::optional<CorrectedTimes> TimeFixes::correct(const AiringRecord& record) const {
    const auto fix = fixes_.find({record.board, record.boot_id});
    return fix == fixes_.end() ? std::nullopt : corrected_times(record, fix->second);
}

}  // namespace riverlight::content
