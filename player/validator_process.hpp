#pragma once
#include "player/conversation.hpp"
#include "player/feed/profile.hpp"

namespace riverlight::player {

/// Runs a rendition validator (`--prove`): answers each `prove` command with a `proved` event that says
/// whether the file is a rendition of `profile`. Returns when the other side closes or sends `quit`. This
/// process plays nothing and runs at the lowest priority, so a file that crashes the demuxer takes nothing
/// off the air.
void run_validator(Conversation& conversation, const Profile& profile);

}  // namespace riverlight::player
