#pragma once
#include <string>

#include "firmware/outlet/queued_airing.hpp"
#include "player/cue/events.hpp"

/// How an airing ended, for the supervisor. Pure.
namespace riverlight::firmware {

/// The end of an airing whose player is gone: what had left the outlet is known from its last progress.
[[nodiscard]] player::OffAir lost(const QueuedAiring& queued, const std::string& why, Instant now);

/// Whether it has been on for so long that the outlet can play.
[[nodiscard]] bool has_lasted(const QueuedAiring& queued, const ClockReading& now);

/// Whether the player could not play it, or nothing but its first frames.
[[nodiscard]] bool has_failed_at_once(const QueuedAiring& queued, const player::OffAir& event,
                                      const ClockReading& now);

}  // namespace riverlight::firmware
