#pragma once
#include <functional>

#include "player/source/source.hpp"
#include "player/source/threaded_source.hpp"

namespace riverlight::player {

/// Plays a media once: puts its pieces into the sink.
using PlayOnce = std::function<void(const SourceSpec&, PieceSink&)>;

/// Plays `spec` by `once`; with `loop_frames`, again and again until `frames` are full. Ends after a run that
/// has no pieces, or when nobody wants more. Throws what `once` throws.
void play_looped(const SourceSpec& spec, PieceSink& sink, const PlayOnce& once);

}  // namespace riverlight::player
