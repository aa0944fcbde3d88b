#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "scheduler/plan/plan.hpp"

/// Why one booking airs at a moment and the others do not.
namespace riverlight::scheduler {

/// A booking that is not on, and why.
struct Candidate {
    std::string campaign, booking;
    BookingKind kind{};
    Obstacle why{};
    std::string reason;  ///< a sentence
};

struct Explanation {
    Instant at{};
    std::vector<PlannedAiring> on_air;  ///< one, or none: the slate
    std::string because;                ///< a sentence: why this one
    std::vector<Candidate> others;      ///< every other booking, in the schedule's order
};

/// Plans the broadcast day that contains `at` and explains that moment. Throws as plan_day does.
[[nodiscard]] Explanation explain_at(const Schedule& schedule, const content::Catalogue& catalogue,
                                     const content::Place& place, Instant at, std::uint64_t seed);

}  // namespace riverlight::scheduler
