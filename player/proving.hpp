#pragma once
#include "player/conversation.hpp"
#include "player/feed/profile.hpp"

namespace riverlight::player {

/// Says of each file that it is asked about (`prove`) whether it is a rendition of `profile` (`proved`),
/// until the other side closes or says `quit`. A process of its own does this, of the least priority: a file
/// on which the demuxer falls takes nothing off the air.
void prove_renditions(Conversation& conversation, const Profile& profile);

}  // namespace riverlight::player
