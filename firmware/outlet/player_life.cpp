#include "firmware/outlet/player_life.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cassert>

namespace riverlight::firmware {

using namespace std::chrono;

bool PlayerLife::change(PlayerEvent event) {
    if (const auto next = next_state(state_, event)) {
        state_ = *next;
        return true;
    }
    spdlog::error("bug: an outlet's player in state '{}' does not expect '{}'; the event is ignored",
                  to_text(state_), to_text(event));
    assert(unexpected_ == UnexpectedEvent::ignore && "an event that the player's state does not expect");
    return false;
}

bool PlayerLife::is_stopping() const {
    return state_ == PlayerState::stopping || state_ == PlayerState::stopped;
}

void PlayerLife::start(MonotonicTime now) {
    if (!change(PlayerEvent::start)) return;
    heard_ = now;
    waited_ = waited_when_heard_ = {};
    restarts_.started(now);
}

void PlayerLife::start_failed(MonotonicTime now) {
    if (change(PlayerEvent::start_failed)) start_due_ = now + RestartPolicy::after_failed_start;
}

void PlayerLife::heard(MonotonicTime now, bool advanced) {
    const bool first = state_ == PlayerState::starting;
    if (!change(PlayerEvent::report) || (!advanced && !first)) return;
    heard_ = now;
    waited_when_heard_ = waited_;
}

std::optional<PlayerLife::End> PlayerLife::ended(MonotonicTime now) {
    const bool hung = state_ == PlayerState::hung;
    if (!change(PlayerEvent::end)) return {};
    if (state_ == PlayerState::stopped) return End{hung, false};
    const auto verdict = restarts_.ended(now);
    start_due_ = now + verdict.delay;
    return End{hung, verdict.item_failed};
}

void PlayerLife::stop() {
    static_cast<void>(change(PlayerEvent::stop));
}

bool PlayerLife::is_start_due(MonotonicTime now) const {
    return state_ == PlayerState::waiting && now >= start_due_;
}

bool PlayerLife::is_silent(MonotonicTime now) const {
    const auto patience =
        state_ == PlayerState::starting ? microseconds(starting_patience) : microseconds(playing_patience);
    const auto silence = now - heard_;
    const auto starved = waited_ && waited_when_heard_ ? *waited_ - *waited_when_heard_ : 0us;
    return silence - starved > patience || silence > starved_factor * patience;
}

PlayerLife::Due PlayerLife::poll(MonotonicTime now, std::optional<microseconds> waited) {
    assert(now >= polled_);
    waited_ = waited;
    if (!waited_when_heard_) waited_when_heard_ = waited;
    // Of a late poll one interval counts: what the player said meanwhile is not read yet.
    if (now - polled_ > 2 * poll_interval) heard_ = std::min(now, heard_ + (now - polled_) - poll_interval);
    polled_ = now;
    if (is_start_due(now)) return Due::start;
    const bool is_watched =
        state_ == PlayerState::starting || state_ == PlayerState::playing || state_ == PlayerState::hung;
    if (!is_watched || !is_silent(now)) return Due::nothing;
    if (!change(PlayerEvent::silence)) return Due::nothing;
    heard_ = now;
    return Due::kill;
}

}  // namespace riverlight::firmware
