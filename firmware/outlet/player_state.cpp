#include "firmware/outlet/player_state.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace riverlight::firmware {
namespace {

using S = PlayerState;
using E = PlayerEvent;

constexpr std::array<PlayerTransition, 24> transitions{{
    {S::none, E::start, S::starting},
    {S::none, E::stop, S::stopped},

    {S::starting, E::start, S::starting},  // the slate's words changed
    {S::starting, E::start_failed, S::waiting},
    {S::starting, E::report, S::playing},
    {S::starting, E::silence, S::hung},
    {S::starting, E::end, S::waiting},
    {S::starting, E::stop, S::stopping},

    {S::playing, E::start, S::starting},  // the slate's words changed
    {S::playing, E::report, S::playing},
    {S::playing, E::silence, S::hung},
    {S::playing, E::end, S::waiting},
    {S::playing, E::stop, S::stopping},

    {S::hung, E::start, S::starting},
    {S::hung, E::report, S::hung},   // sent before it was killed
    {S::hung, E::silence, S::hung},  // killed again
    {S::hung, E::end, S::waiting},
    {S::hung, E::stop, S::stopping},

    {S::waiting, E::start, S::starting},
    {S::waiting, E::stop, S::stopped},

    {S::stopping, E::report, S::stopping},
    {S::stopping, E::end, S::stopped},
    {S::stopping, E::stop, S::stopping},

    {S::stopped, E::stop, S::stopped},
}};

}  // namespace

std::span<const PlayerTransition> player_transitions() {
    return transitions;
}

std::optional<PlayerState> next_state(PlayerState from, PlayerEvent event) {
    const auto* const found = std::find_if(transitions.begin(), transitions.end(),
                                           [&](const auto& t) { return t.from == from && t.event == event; });
    if (found == transitions.end()) return {};
    return found->to;
}

bool has_process(PlayerState state) {
    switch (state) {
        case S::starting:
        case S::playing:
        case S::hung:
        case S::stopping:
            return true;
        case S::none:
        case S::waiting:
        case S::stopped:
            return false;
    }
    assert(false && "a state of the enumeration");
    return false;
}

std::string_view to_text(PlayerState state) {
    switch (state) {
        case S::none:
            return "none";
        case S::starting:
            return "starting";
        case S::playing:
            return "playing";
        case S::hung:
            return "hung";
        case S::waiting:
            return "waiting";
        case S::stopping:
            return "stopping";
        case S::stopped:
            return "stopped";
    }
    assert(false && "a state of the enumeration");
    return "?";
}

std::string_view to_text(PlayerEvent event) {
    switch (event) {
        case E::start:
            return "start";
        case E::start_failed:
            return "start_failed";
        case E::report:
            return "report";
        case E::silence:
            return "silence";
        case E::end:
            return "end";
        case E::stop:
            return "stop";
    }
    assert(false && "an event of the enumeration");
    return "?";
}

}  // namespace riverlight::firmware
