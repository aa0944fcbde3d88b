#pragma once
#include <chrono>
#include <cstdint>
#include <span>

#include "scheduler/plan/plan.hpp"

/// Makes plans. Pure: no I/O, no clock, no randomness but `seed`; the same input gives the same plan, byte
/// for byte, on a board and in the office. Every function throws Error for a zone that the tz database lacks
/// and for a country that the catalogue lacks.
namespace riverlight::scheduler {

/// Plans one broadcast day at `place`.
[[nodiscard]] Plan plan_day(const Schedule& schedule, const content::Catalogue& catalogue,
                            const content::Place& place, std::chrono::local_days day, std::uint64_t seed);

/// The part of plan_day that ends after `from`, for the broadcast day that contains `from`.
[[nodiscard]] Plan plan_from(const Schedule& schedule, const content::Catalogue& catalogue,
                             const content::Place& place, Instant from, std::uint64_t seed);

/// The rest of the day after an interruption. `aired`: what was on since the day began, in any order; what
/// was planned before `now` and is not among it counts as missed. `now`: the first moment that may be
/// planned. Fixed bookings follow their lateness rule, blocks their rejoin rule. A rotation's missed plays
/// keep their ids and are spread over the rest of its windows as far as caps, separations and priorities
/// allow; what finds no time is a Shortfall `missed`. If nothing was missed, the result equals
/// plan_from(now).
[[nodiscard]] Plan plan_rest(const Schedule& schedule, const content::Catalogue& catalogue,
                             const content::Place& place, std::chrono::local_days day, std::uint64_t seed,
                             std::span<const Aired> aired, Instant now);

}  // namespace riverlight::scheduler
