#include "scheduler/plan/quiet.hpp"

#include "scheduler/plan/broadcast_day.hpp"
#include "scheduler/plan/plan.hpp"
#include "scheduler/plan/windows.hpp"

namespace riverlight::scheduler {

std::vector<QuietSpan> quiet_between(const Schedule& schedule, const content::Country& country,
                                     const content::Place& place, Instant from, Instant until) {
    std::vector<QuietSpan> out;
    if (place.quiet.empty() || from >= until) return out;
    const auto last = broadcast_day_of(schedule, place.zone, until).day;
    for (auto day = broadcast_day_of(schedule, place.zone, from).day; day <= last;
         day += std::chrono::days{1}) {
        DayWindows windows(schedule, country, place, broadcast_day(schedule, place.zone, day));
        for (const auto& hours : place.quiet)
            for (const auto& span : windows.daypart(hours.daypart))
                if (span.from < until && from < span.until) out.push_back({span, hours.gain_db});
    }
    return out;
}

}  // namespace riverlight::scheduler
