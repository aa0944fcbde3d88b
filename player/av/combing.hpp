#pragma once
#include "player/av/handles.hpp"

namespace riverlight::player::av {

/// Whether the two fields of a picture show different moments: at what moved in between, its rows alternate.
/// False for a picture that stands still, and for progressive pictures that are sent as two fields
/// (segmented frames). True for pixel formats whose brightness has no plane of its own. Looks at every other
/// row of blocks.
[[nodiscard]] bool is_combed(const AVFrame& frame);

}  // namespace riverlight::player::av
