#pragma once
#include <functional>
#include <string>

#include "player/feed/rendition_validator.hpp"

namespace riverlight::player {

/// One frame's picture and sound; false at the end.
using NextFrame = std::function<bool(Picture& picture, Samples& samples)>;

/// Encodes a run of frames into a rendition at `path`. Up to the next grid point the last picture is held and
/// silence added. If its pictures leave the decoder's buffer too empty, it is encoded again with less detail;
/// `restart` begins the run from its first frame. Throws Error if that does not help (never seen), if the
/// run is empty or if the disk is full. Blocks.
[[nodiscard]] RenditionFacts make_rendition(const std::string& path, const Profile& profile,
                                            const std::function<NextFrame()>& restart);

}  // namespace riverlight::player
