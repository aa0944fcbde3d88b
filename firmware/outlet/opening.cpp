#include "firmware/outlet/opening.hpp"

#include <algorithm>

#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {

bool is_open_at(const std::vector<content::OpenHours>& hours, Instant at, const std::string& zone) {
    if (hours.empty()) return true;
    const auto open = [&](Instant when) {
        const auto day = scheduler::local_day_of(when, zone).day;
        return std::any_of(hours.begin(), hours.end(), [&](const content::OpenHours& h) {
            const auto spans = scheduler::window_on(day, h.weekdays, h.window.from, h.window.until, zone);
            return std::any_of(spans.begin(), spans.end(),
                               [&](const auto& s) { return s.from <= when && when < s.until; });
        });
    };
    return open(at) || open(at + opening_lead);
}

}  // namespace riverlight::firmware
