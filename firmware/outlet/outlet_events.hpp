#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "firmware/outlet/plan_request.hpp"
#include "player/cue/commands.hpp"
#include "player/cue/events.hpp"

/// What an OutletSupervisor is told, and what it wants done. Plain values.
namespace riverlight::firmware {

/// A release is put on. No programme: the board holds none yet, and the slate is on.
struct ProgrammeArrived {
    std::shared_ptr<const Programme> programme;
};
/// The player sent an event.
struct PlayerReported {
    player::Event event;
};
/// The player process ended; why, as a sentence.
struct PlayerEnded {
    std::string why;
};
/// StartPlayer could not be carried out; why, as a sentence.
struct PlayerStartFailed {
    std::string why;
};
/// A notice for the people in front of a screen, over whatever is on, until the next; empty: none.
struct NoticeChanged {
    player::Notice notice;
};
/// Time passed: sent every PlayerLife::poll_interval.
struct TimePassed {
    /// How long the player was ready to run and no processor was free, since its start; absent: unknown.
    std::optional<std::chrono::microseconds> player_waited{};
};
/// The plan that MakePlan asked for is there.
struct PlanMade {
    MadePlan plan;
};
/// The board stops this outlet.
struct StopRequested {};
using OutletEvent = std::variant<ProgrammeArrived, PlayerReported, PlayerEnded, PlayerStartFailed,
                                 NoticeChanged, TimePassed, PlanMade, StopRequested>;

/// Start a player process. One that still runs is ended first, without a PlayerEnded.
struct StartPlayer {
    std::vector<std::string> command_line;  ///< program first
};
/// End the player process by a signal that it cannot ignore; PlayerEnded follows.
struct KillPlayer {};
/// Make a plan, which may take seconds, and answer with PlanMade. One at a time.
struct MakePlan {
    PlanRequest request;
};
/// In this order. A command goes to the running player; after a StartPlayer that failed it is dropped.
using OutletAction = std::variant<StartPlayer, KillPlayer, MakePlan, player::Command>;

}  // namespace riverlight::firmware
