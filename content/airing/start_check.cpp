#include "content/airing/start_check.hpp"

#include <cstdlib>
#include <iterator>

namespace riverlight::content {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// A player's events come late by up to this: the monotonic time of a start is that of its event.
constexpr milliseconds event_delay = 2500ms;
constexpr std::int64_t drift_ppm = 100;  // of a board's oscillator, at most

}  // namespace

std::optional<ClockedStart> clocked_start(const AiringRecord& record) {
    if (!record.started || !record.monotonic_start) return {};
    if (record.boot_id.empty() || record.boot_id == "unknown") return {};
    return ClockedStart{*record.started, *record.monotonic_start, record.clock_error};
}

std::optional<milliseconds> contradiction(const ClockedStart& start, const ClockedStart& neighbour) {
    const auto apart = duration_cast<milliseconds>(start.monotonic - neighbour.monotonic);
    const auto off = duration_cast<milliseconds>(start.at - neighbour.at) - apart;
    const milliseconds drift{std::abs(apart.count()) * drift_ppm / 1'000'000 + 1};
    const auto allowed = start.error.value_or(0ms) + neighbour.error.value_or(0ms) + event_delay + drift;
    if (abs(off) <= allowed) return {};
    return off;
}

void StartCheck::add(const AiringRecord& record) {
    if (const auto start = clocked_start(record))
        starts_[{record.board, record.boot_id, record.clock}].emplace(start->monotonic, *start);
}

std::optional<milliseconds> StartCheck::contradiction(const AiringRecord& record) const {
    const auto start = clocked_start(record);
    const auto boot = starts_.find({record.board, record.boot_id, record.clock});
    if (!start || boot == starts_.end()) return {};
    const auto at = boot->second.lower_bound(start->monotonic);
    if (at != boot->second.begin())
        if (const auto off = content::contradiction(*start, std::prev(at)->second)) return off;
    const auto next = boot->second.upper_bound(start->monotonic);
    if (next == boot->second.end()) return {};
    return content::contradiction(*start, next->second);
}

}  // namespace riverlight::content
