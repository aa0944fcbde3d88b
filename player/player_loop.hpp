#pragma once
#include <functional>

#include "player/conversation.hpp"
#include "player/options.hpp"

namespace riverlight::player {

/// Plays the commands of `conversation` on one outlet until it is told to quit, `stop_requested` returns
/// true, the other side closes, or the person in front of it closes the window. Throws Error if the outlet
/// cannot be opened or is lost for good. Blocks; the caller's thread is the player's loop.
///
/// The loop runs once for each outlet frame: it reads commands, takes the next frame from the timeline,
/// composes it, waits until the frame is due and hands it to the outlet. It never decodes (sources do, on
/// threads of their own) and never waits for the daemon.
void play(const Options& options, Conversation& conversation, const std::function<bool()>& stop_requested);

}  // namespace riverlight::player
