#include "content/airing/time_fix.hpp"

#include <cstdlib>

namespace riverlight::content {
namespace {

using std::chrono::microseconds;

constexpr std::string_view prefix = "unplanned-clock-";
constexpr std::int64_t drift_ppm = 100;  ///< of a board's oscillator, at most

}  // namespace

AiringRecord record_of(const TimeFix& fix, const std::string& place) {
    AiringRecord record;
    record.airing = std::string(prefix) + fix.boot_id;
    record.place = place;
    record.started = fix.at;
    record.clock = ClockState::synchronised;
    record.clock_error_ms = fix.error_ms;
    record.boot_id = fix.boot_id;
    record.monotonic_start_us = fix.monotonic_us;
    record.status = "skipped";
    record.reason = "the clock was set: what aired before in this boot is placed in time by it";
    return record;
}

std::optional<TimeFix> time_fix_of(const AiringRecord& record) {
    const bool is_one = record.airing == std::string(prefix) + record.boot_id && !record.boot_id.empty() &&
                        record.clock == ClockState::synchronised && record.started &&
                        record.monotonic_start_us >= 0;
    if (!is_one) return {};
    return TimeFix{record.board, record.boot_id, *record.started, record.monotonic_start_us,
                   record.clock_error_ms};
}

bool needs_time_fix(const AiringRecord& record) {
    return record.started && record.monotonic_start_us >= 0 && record.clock != ClockState::synchronised &&
           !record.boot_id.empty() && record.boot_id != "unknown";
}

std::optional<CorrectedTimes> corrected_times(const AiringRecord& record, const TimeFix& fix) {
    if (!needs_time_fix(record) || record.board != fix.board || record.boot_id != fix.boot_id) return {};
    const auto at = [&](std::int64_t monotonic_us) {
        return fix.at + microseconds(monotonic_us - fix.monotonic_us);
    };
    CorrectedTimes corrected;
    corrected.started = at(record.monotonic_start_us);
    if (record.ended && record.monotonic_end_us >= record.monotonic_start_us)
        corrected.ended = at(record.monotonic_end_us);
    if (fix.error_ms >= 0) {
        const auto apart_us = std::abs(record.monotonic_start_us - fix.monotonic_us);
        corrected.error_ms = fix.error_ms + apart_us / 1'000'000 * drift_ppm / 1000 + 1;
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
