#include <array>

#include "scheduler/plan/plan.hpp"

namespace riverlight::scheduler {

std::string_view to_text(Obstacle obstacle) {
    static constexpr std::array<std::string_view, 20> names{
        "unknown-segment", "not-cleared", "embargo",        "rating",     "children",
        "window",          "audience",    "not-that-day",   "separation", "topic-separation",
        "daily-cap",       "taken",       "no-time",        "day-end",    "trimmed",
        "takeover",        "missed",      "nothing-booked", "not-due",    "lesser"};
    return names.at(static_cast<std::size_t>(obstacle));
}

}  // namespace riverlight::scheduler
