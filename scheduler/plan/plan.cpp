#include "scheduler/plan/plan.hpp"

#include <algorithm>

namespace riverlight::scheduler {

std::string_view to_text(GapCause cause) {
    switch (cause) {
        case GapCause::nothing_booked:
            return "nothing-booked";
        case GapCause::closed:
            return "closed";
    }
    return {};
}

std::string_view describe(GapCause cause) {
    switch (cause) {
        case GapCause::nothing_booked:
            return "nothing booked may air then; the slate shows";
        case GapCause::closed:
            return "the place is closed then";
    }
    return {};
}

std::vector<PlanLoss> losses_by_time(const Plan& plan) {
    std::vector<PlanLoss> losses;
    losses.reserve(plan.shortfalls.size() + plan.gaps.size());
    for (const auto& shortfall : plan.shortfalls) losses.emplace_back(&shortfall);
    for (const auto& gap : plan.gaps) losses.emplace_back(&gap);
    const auto time_of = [](const PlanLoss& loss) {
        const auto* shortfall = std::get_if<const Shortfall*>(&loss);
        return shortfall ? (*shortfall)->when : std::get<const Gap*>(loss)->from;
    };
    std::stable_sort(losses.begin(), losses.end(),
                     [&](const PlanLoss& a, const PlanLoss& b) { return time_of(a) < time_of(b); });
    return losses;
}

}  // namespace riverlight::scheduler
