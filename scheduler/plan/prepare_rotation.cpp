#include <algorithm>

#include "scheduler/plan/preparation.hpp"

/// Rotations: their plays become tasks.
namespace riverlight::scheduler {
namespace {

/// The last time, up to the play's deadline, at which any item may start; the deadline itself if none may.
DayTime last_allowed(const Preparation& preparation, BookingIndex b, const RotationPlay& play) {
    std::optional<DayTime> last;
    for (const auto& item : preparation.booking(b).items) {
        for (const auto& allowed : item.allowed) {
            const auto at = std::min(play.deadline, allowed.until - item.length);
            if (at >= std::max(allowed.from, play.earliest)) last = std::max(last.value_or(at), at);
        }
    }
    return last && *last >= preparation.begin() ? *last : play.deadline;
}

void report(Preparation& preparation, BookingIndex b, const RotationPlay& play, Obstacle why) {
    preparation.add_shortfall({b, play.number, {}, play.ideal, play.deadline, why, {}});
}

/// Spreads missed plays over the rest of the windows. `room`: how many the daily cap still allows; `order`:
/// the order of the next task.
void make_good(Preparation& preparation, BookingIndex b, const std::vector<const RotationPlay*>& missed,
               int room, std::uint32_t order) {
    const auto spread = spread_plays(preparation.rotation(b).windows, preparation.begin(), missed.size());
    for (std::size_t i = 0; i < missed.size(); ++i) {
        const auto& play = *missed[i];
        if (room-- <= 0) {
            report(preparation, b, play, Obstacle::daily_cap);
        } else if (spread.empty()) {
            report(preparation, b, play, Obstacle::missed);
        } else {
            preparation.add_task(
                {b, play.number, spread[i].ideal, spread[i].deadline, spread[i].earliest, {}, true, order++});
        }
    }
}

}  // namespace

void prepare_rotation(Preparation& preparation, BookingIndex b) {
    const auto& plays = preparation.rotation(b).plays;
    const auto cap = preparation.booking(b).booking->daily_cap;
    auto room = cap > 0 ? cap - preparation.plays(b) : static_cast<int>(plays.size());
    const auto begin = preparation.begin();
    std::vector<const RotationPlay*> missed;
    std::uint32_t order = 0;
    for (const auto& play : plays) {
        if (preparation.is_done(b, play.number)) continue;
        if (play.deadline < begin || preparation.was_missed(b, play.number)) {
            missed.push_back(&play);
        } else if (room-- > 0) {
            preparation.add_task({b,
                                  play.number,
                                  std::max(play.ideal, begin),
                                  last_allowed(preparation, b, play),
                                  std::max(play.earliest, begin),
                                  {},
                                  false,
                                  order++});
        } else {
            report(preparation, b, play, Obstacle::daily_cap);
        }
    }
    if (!missed.empty()) make_good(preparation, b, missed, room, order);
}

}  // namespace riverlight::scheduler
