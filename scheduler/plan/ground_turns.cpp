#include <algorithm>

#include "scheduler/plan/groundwork.hpp"

/// Rotations: their turns become jobs.
namespace riverlight::scheduler {
namespace {

/// The last tick of its turn at which any of the claim's segments may start; the turn's own where none may.
Tick last_allowed(const GroundLayer& layer, std::uint32_t c, const Turn& turn) {
    Tick last = -1;
    for (const auto& item : layer.claim(c).items) {
        for (const auto& s : item.allowed) {
            const auto at = std::min(turn.deadline, s.until - item.length);
            if (at >= std::max(s.from, turn.earliest)) last = std::max(last, at);
        }
    }
    return last >= layer.begin() ? last : turn.deadline;
}

/// Missed plays are spread over what is left of the windows; they may wait until their end.
void make_good(GroundLayer& layer, std::uint32_t c, const std::vector<const Turn*>& missed, int room,
               std::uint32_t order) {
    const auto again = spread(layer.rotation(c).paced, layer.begin(), missed.size());
    for (std::size_t i = 0; i < missed.size(); ++i) {
        const auto& turn = *missed[i];
        if (room-- <= 0) {
            layer.fall(c, -1, turn.number, turn.release, turn.deadline, Obstacle::daily_cap);
        } else if (again.empty()) {
            layer.fall(c, -1, turn.number, turn.release, turn.deadline, Obstacle::missed);
        } else {
            layer.add(
                {c, turn.number, again[i].release, again[i].deadline, again[i].earliest, {}, true, order++});
        }
    }
}

}  // namespace

void add_turns(GroundLayer& layer, std::uint32_t c) {
    const auto& turns = layer.rotation(c).turns;
    const auto cap = layer.claim(c).booking->daily_cap;
    auto room = cap > 0 ? cap - layer.plays(c) : static_cast<int>(turns.size());
    std::vector<const Turn*> missed;
    std::uint32_t order = 0;
    for (const auto& turn : turns) {
        if (layer.done(c, turn.number)) continue;
        if (turn.deadline < layer.begin() || layer.missed(c, turn.number)) {
            missed.push_back(&turn);
        } else if (room-- > 0) {
            layer.add({c,
                       turn.number,
                       std::max(turn.release, layer.begin()),
                       last_allowed(layer, c, turn),
                       std::max(turn.earliest, layer.begin()),
                       {},
                       false,
                       order++});
        } else {
            layer.fall(c, -1, turn.number, turn.release, turn.deadline, Obstacle::daily_cap);
        }
    }
    if (!missed.empty()) make_good(layer, c, missed, room, order);
}

}  // namespace riverlight::scheduler
