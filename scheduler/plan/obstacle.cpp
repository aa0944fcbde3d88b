#include "scheduler/plan/obstacle.hpp"

#include <array>

namespace riverlight::scheduler {
namespace {

std::string describe_no_time(bool fixed, const std::string& by) {
    if (!by.empty())
        return "booking '" + by + "' comes first, and no other time was free " +
               (fixed ? "within its lateness limit" : "in its turn");
    return fixed ? "no free time within its lateness limit"
                 : "no free time in its turn that its separation, rating and dayparts allow";
}

}  // namespace

std::string_view to_text(Obstacle obstacle) {
    static constexpr std::array<std::string_view, 20> names{
        "unknown-segment", "not-cleared",  "embargo",    "rating",           "children",  "window", "closed",
        "audience",        "not-that-day", "separation", "topic-separation", "daily-cap", "taken",  "no-time",
        "day-end",         "trimmed",      "takeover",   "missed",           "not-due",   "lesser"};
    return names.at(static_cast<std::size_t>(obstacle));
}

std::string describe_loss(Obstacle why, bool fixed, const std::string& by, const std::string& segment) {
    const auto it = segment.empty() ? std::string("it") : "segment '" + segment + "'";
    const auto of = by.empty() ? std::string() : " of booking '" + by + "'";
    switch (why) {
        case Obstacle::rating:
            return it + " may not air then: outside its rating's hours or its clearance";
        case Obstacle::window:
            return it + " may not air then: outside its dayparts";
        case Obstacle::closed:
            return "the place is closed then";
        case Obstacle::separation:
            return it + " would come too soon beside the same segment" + of;
        case Obstacle::topic_separation:
            return it + " would come too soon beside a segment" + of + " that shares a topic";
        case Obstacle::children:
            return it + " would come too near a segment" + of + " that children must be kept from";
        case Obstacle::daily_cap:
            return "its plays of the day are used up (daily_cap)";
        case Obstacle::taken:
            return "booking '" + by + "' holds that time";
        case Obstacle::day_end:
            return "it would run past the end of the broadcast day";
        case Obstacle::trimmed:
            return it + " does not fit into the block's window";
        case Obstacle::takeover:
            return "takeover '" + by + "' held its time, and no later time was left";
        case Obstacle::missed:
            return fixed ? "it did not air at its time, and its lateness rule allows no other"
                         : "it did not air at its time, and no later time was left for it";
        case Obstacle::no_time:
        case Obstacle::unknown_segment:
        case Obstacle::not_cleared:
        case Obstacle::embargo:
        case Obstacle::audience:
        case Obstacle::not_that_day:
        case Obstacle::not_due:
        case Obstacle::lesser:
            return describe_no_time(fixed, by);
    }
    return {};
}

}  // namespace riverlight::scheduler
