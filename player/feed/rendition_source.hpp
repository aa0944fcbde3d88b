#pragma once
#include <memory>

#include "player/feed/profile.hpp"

namespace riverlight::player {

/// A source of coded frames from the rendition of `spec`, whose parameter sets must agree with
/// `spec.media.rendition->parameters` (empty: any). If the file is refused before its first frame, the item's
/// media is decoded instead, to be encoded live, and Source::note() says why. An item whose start has passed
/// begins at its next key picture.
[[nodiscard]] std::unique_ptr<Source> open_rendition(const SourceSpec& spec, const Profile& profile);

}  // namespace riverlight::player
