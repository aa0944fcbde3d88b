#pragma once
#include <functional>
#include <vector>

#include "scheduler/plan/ground.hpp"

namespace riverlight::scheduler {

/// A stretch of a day as it is planned.
struct Outcome {
    std::vector<Draft> airings;  ///< by start
    std::vector<Hole> holes;     ///< by time
    std::vector<Fall> falls;
};

/// Plans the rest of a day from a tick on, takeovers apart.
using Stretcher = std::function<Outcome(Tick begin, const Past& past)>;

/// The day from `begin` on with its takeovers: each cuts into what is planned, as far as one of its segments
/// may air then, the higher over the lesser; behind it `plan` plans anew what it took. Time in which a
/// takeover may show none of its segments stays with the plan and is owned up to.
[[nodiscard]] Outcome with_takeovers(const Day& day, Tick begin, const Past& past, const Stretcher& plan);

}  // namespace riverlight::scheduler
