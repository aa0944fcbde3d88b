#include "firmware/outlet/airing_end.hpp"

#include "firmware/outlet/failure_pause.hpp"

namespace riverlight::firmware {

player::OffAir lost(const QueuedAiring& queued, const std::string& why, Instant now) {
    player::OffAir off;
    off.airing = queued.cue.airing;
    off.instant = now;
    off.status = content::AiringStatus::failed;
    off.reason = why;
    off.frames = queued.record.frames;
    off.shown = queued.left;
    if (!off.shown) return off;
    off.status = status_of(*off.shown);
    if (off.status == content::AiringStatus::truncated) off.reason += "; " + describe(*off.shown);
    return off;
}

bool has_lasted(const QueuedAiring& queued, const ClockReading& now) {
    return queued.record.monotonic_start &&
           now.monotonic - *queued.record.monotonic_start >= FailurePause::shortest_airing;
}

bool has_failed_at_once(const QueuedAiring& queued, const player::OffAir& event, const ClockReading& now) {
    if (!queued.is_on_air()) return event.status == content::AiringStatus::failed;
    const bool was_cut = queued.is_dropped() || event.status == content::AiringStatus::aired ||
                         event.status == content::AiringStatus::substituted;
    return !was_cut && !has_lasted(queued, now) &&
           queued.planned.end - queued.planned.start > 2 * FailurePause::shortest_airing;
}

}  // namespace riverlight::firmware
