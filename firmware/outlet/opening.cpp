#include "firmware/outlet/opening.hpp"

#include <algorithm>

#include "scheduler/calendar/calendar.hpp"

namespace riverlight::firmware {

bool Opening::on(Instant at, const std::string& zone) const {
    if (hours_.empty()) return true;
    const auto open = [&](Instant when) {
        const auto day = scheduler::local_day_of(when, zone).day;
        return std::any_of(hours_.begin(), hours_.end(), [&](const OpenHours& h) {
            const auto spans = scheduler::window_on(day, h.weekdays, h.window.from, h.window.until, zone);
            return std::any_of(spans.begin(), spans.end(),
                               [&](const auto& s) { return s.from <= when && when < s.until; });
        });
    };
    return open(at) || open(at + lead);
}

}  // namespace riverlight::firmware
