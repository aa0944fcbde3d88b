#include "firmware/journal/placing.hpp"

#include <algorithm>

#include "firmware/journal/journal.hpp"

namespace riverlight::firmware {
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

bool waits_for_time(const AiringRecord& record) {
    return record.started && record.monotonic_start_us >= 0 && record.clock != ClockState::synchronised &&
           !record.boot_id.empty() && record.boot_id != "unknown";
}

std::optional<Placed> placed_by(const AiringRecord& record, const TimeFix& fix) {
    if (!waits_for_time(record) || record.board != fix.board || record.boot_id != fix.boot_id) return {};
    const auto at = [&](std::int64_t monotonic_us) {
        return fix.at + microseconds(monotonic_us - fix.monotonic_us);
    };
    Placed placed;
    placed.started = at(record.monotonic_start_us);
    if (record.ended && record.monotonic_end_us >= record.monotonic_start_us)
        placed.ended = at(record.monotonic_end_us);
    if (fix.error_ms >= 0) {
        const auto apart_us = std::abs(record.monotonic_start_us - fix.monotonic_us);
        placed.error_ms = fix.error_ms + apart_us / 1'000'000 * drift_ppm / 1000 + 1;
    }
    return placed;
}

void Placing::learn(const AiringRecord& record) {
    if (const auto fix = time_fix_of(record)) fixes_.emplace(std::pair{fix->board, fix->boot_id}, *fix);
}

std::optional<Placed> Placing::place(const AiringRecord& record) const {
    const auto fix = fixes_.find({record.board, record.boot_id});
    return fix == fixes_.end() ? std::nullopt : placed_by(record, fix->second);
}

bool wants_time_fix(const Journal& journal, const std::string& boot_id) {
    constexpr std::int64_t chunk = 500;
    bool waits = false;
    for (auto last = journal.state().last; last > 0; last -= chunk) {
        const auto first = std::max<std::int64_t>(1, last - chunk + 1);
        const auto records = journal.read(first, static_cast<std::size_t>(last - first + 1));
        for (auto record = records.rbegin(); record != records.rend(); ++record) {
            if (record->boot_id.empty()) continue;  // of no outlet
            if (record->boot_id != boot_id) return waits;
            if (time_fix_of(*record)) return false;
            waits = waits || waits_for_time(*record);
        }
        if (records.empty()) break;
    }
    return waits;
}

}  // namespace riverlight::firmware
