#include "scheduler/plan/ground.hpp"

#include <algorithm>

#include "scheduler/plan/groundwork.hpp"

namespace riverlight::scheduler {
namespace {

/// Those that stand exactly on their ticks, in the order in which they are laid down.
std::vector<std::uint32_t> hard_claims(const Day& day, const RunTimes& times) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t c = 0; c < day.claims.size(); ++c) {
        const bool fixed = day.claims[c].is(BookingKind::fixed) && day.claims[c].booking->hard;
        if (fixed || day.claims[c].is(BookingKind::block)) order.push_back(c);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto &one = day.claims[a], &two = day.claims[b];
        if (one.priority != two.priority) return one.priority > two.priority;
        return std::pair(times.starts[a], std::string_view(one.booking->id)) <
               std::pair(times.starts[b], std::string_view(two.booking->id));
    });
    return order;
}

}  // namespace

Groundwork lay_ground(const Day& day, const std::vector<Rotation>& rotations, const RunTimes& times,
                      Tick begin, const Past& past) {
    GroundLayer layer(day, rotations, times, begin, past);
    for (const auto c : hard_claims(day, times)) {
        if (day.claims[c].is(BookingKind::block)) {
            lay_block(layer, c);
        } else {
            lay_fixed(layer, c);
        }
    }
    for (std::uint32_t c = 0; c < day.claims.size(); ++c) {
        if (day.claims[c].is(BookingKind::fixed) && !day.claims[c].booking->hard) lay_fixed(layer, c);
        if (day.claims[c].is(BookingKind::rotation)) add_turns(layer, c);
    }
    return layer.finished();
}

}  // namespace riverlight::scheduler
