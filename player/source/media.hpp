#pragma once
#include <memory>

#include "player/source/source.hpp"
#include "player/source/threaded_source.hpp"

namespace riverlight::player {

/// Decodes what `spec` names into pieces, to its end. Throws Error where a file cannot be read.
void decode_media(const SourceSpec& spec, PieceSink& sink);

/// A source that decodes media on a thread of its own (run_source), looped where the spec says so.
[[nodiscard]] std::unique_ptr<Source> open_media(const SourceSpec& spec);

}  // namespace riverlight::player
