#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "firmware/outlet/programme.hpp"

/// A plan that an outlet asks for, and the answer. Values: a thread of its own makes the plan, and the loop
/// goes on meanwhile.
namespace riverlight::firmware {

/// Asks for the plan of one broadcast day, or of its rest.
struct PlanRequest {
    /// The rest of the day that contains `now`, after a start, a new release or trouble.
    struct Rest {
        Instant now{};
        Instant from{};                       ///< nothing is planned before; not before `now`
        std::vector<scheduler::Aired> aired;  ///< on the outlet in the last 26 h, and what is sure to be
        Instant in_service_since{};           ///< what was due earlier is not made good
        std::set<std::string> done{};         ///< airings that are finished and not made good
    };
    std::int64_t number = 0;  ///< of the request, for its answer
    std::shared_ptr<const Programme> programme;
    std::variant<std::chrono::local_days, Rest> what;  ///< a whole day, or a rest
};

/// The answer to a PlanRequest.
struct MadePlan {
    std::int64_t number = 0;  ///< the request's
    std::chrono::local_days day{};
    Instant from{}, until{};                           ///< the broadcast day
    std::vector<scheduler::PlannedAiring> airings{};   ///< to play, in order
    std::vector<scheduler::PlannedAiring> past{};      ///< of the day's plan: over, and not on the outlet
    std::vector<scheduler::PlannedAiring> replaced{};  ///< of the day's plan: not over, and not in `airings`
    std::string fault{};  ///< why there is no plan, for people; empty: there is one
};

/// Makes the plan. Pure; on any thread. Takes as long as the schedule's cost allows
/// (scheduler/campaign/cost.hpp).
[[nodiscard]] MadePlan make_plan(const PlanRequest& request);

}  // namespace riverlight::firmware
