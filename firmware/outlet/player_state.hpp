#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The states of an outlet's player process, as one table. Pure.
namespace riverlight::firmware {

enum class PlayerState : std::uint8_t {
    none,      ///< never started: the board has not given the outlet a programme yet
    starting,  ///< started, and not heard from yet: it opens fonts and an encoder
    playing,   ///< sends events
    hung,      ///< was silent for too long and was killed; its end is not reported yet
    waiting,   ///< no process; another is started when the delay is over
    stopping,  ///< was asked to quit
    stopped,   ///< no process, and none is started again
};

enum class PlayerEvent : std::uint8_t {
    start,         ///< a process is started; one that still runs is replaced
    start_failed,  ///< it could not be started
    report,        ///< it sent an event
    silence,       ///< it sent nothing for too long
    end,           ///< it ended
    stop,          ///< the board stops the outlet
};

struct PlayerTransition {
    PlayerState from;
    PlayerEvent event;
    PlayerState to;
};

/// Every event that a state expects. README.md shows the same table.
[[nodiscard]] std::span<const PlayerTransition> player_transitions();
/// The state that follows; nothing where `from` does not expect `event`.
[[nodiscard]] std::optional<PlayerState> next_state(PlayerState from, PlayerEvent event);
/// Whether a process exists in this state.
[[nodiscard]] bool has_process(PlayerState state);

[[nodiscard]] std::string_view to_text(PlayerState state);
[[nodiscard]] std::string_view to_text(PlayerEvent event);

}  // namespace riverlight::firmware
