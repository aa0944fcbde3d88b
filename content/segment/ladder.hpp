#pragma once
#include <string>
#include <vector>

#include "content/segment/manifest.hpp"

/// Which of a localisation's pictures are for which screen. Pure.
namespace riverlight::content {

/// What a place's screen is worth: more than its display shows costs the line, the disk and the decoder.
struct PictureWish {
    int height = 720;                         ///< lines, 144–4320; a larger picture is not fetched for it
    std::vector<std::string> codecs{"h264"};  ///< of `picture_codecs`, the most welcome first, each once
    friend bool operator==(const PictureWish&, const PictureWish&) = default;
};
inline constexpr int least_picture_height = 144, most_picture_height = 4320;
/// What a localisation's pictures may be coded as, as `MediaFile::codec` says it.
inline constexpr const char* picture_codecs[] = {"h264", "hevc"};

/// The localisation's pictures, each once, by hash, in the order in which a screen of that wish takes them:
/// first the tallest that is not above the wanted height and of a codec it names (of as tall ones that of the
/// codec named first), or the localisation's own `picture` where none is; then that one, which every player
/// can play; then the rest, nearest to the wish first. `wish` null: a feed, or nobody's screen; `picture`
/// comes first. `segment` holds the localisation's files.
[[nodiscard]] std::vector<std::string> picture_order(const Manifest& segment, const Localisation& words,
                                                     const PictureWish* wish);

}  // namespace riverlight::content
