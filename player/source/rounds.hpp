#pragma once
#include <functional>

#include "player/source/source.hpp"

namespace riverlight::player {

/// What makes the pieces of one run through a media.
using PlayOnce = std::function<void(const SourceSpec&, Receiver&)>;

/// Plays `spec` by `once`; where it has a `round`, anew after so many frames until its `frames` are full. A
/// run that gives nothing, or that nobody takes any more, is the last. What `once` throws goes through.
void play_rounds(const SourceSpec& spec, Receiver& receiver, const PlayOnce& once);

}  // namespace riverlight::player
