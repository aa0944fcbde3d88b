#pragma once
#include "player/av/handles.hpp"
#include "player/av/reader.hpp"

namespace riverlight::player::av {

/// The streams of a file that are shown and heard.
struct StreamChoice {
    AVStream* picture = nullptr;  ///< null: it has none; cover art is none
    AVStream* sound = nullptr;    ///< null: it has none
};

/// Chooses as players do: of the pictures, the one that moves; of the sounds, one of the picture's programme,
/// not a commentary or a narration for the blind; the file's default before others, the first before later
/// ones. A stream of which nothing was found, or that `limits` does not decode, comes last. Only player/av
/// includes this.
[[nodiscard]] StreamChoice choose_streams(AVFormatContext& format, const MediaLimits& limits);

}  // namespace riverlight::player::av
