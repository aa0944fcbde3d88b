#pragma once
#include <string>
#include <vector>

#include "content/segment/manifest.hpp"

/// Which of a localisation's pictures (its ladder of encoded sizes) a screen plays. No I/O.
namespace riverlight::content {

/// The pictures that suit a place's screen. A larger one would cost bandwidth, disk and decoding for nothing.
struct PicturePreference {
    int height = 720;                         ///< lines, 144–4320; larger pictures are not downloaded
    std::vector<std::string> codecs{"h264"};  ///< of `picture_codecs`, the preferred one first, each once
    friend bool operator==(const PicturePreference&, const PicturePreference&) = default;
};
inline constexpr int least_picture_height = 144, most_picture_height = 4320;
/// The codecs that a localisation's pictures may have, as `MediaFile::codec` names them.
inline constexpr const char* picture_codecs[] = {"h264", "hevc"};

/// The localisation's pictures, each once, by hash, in the order in which a screen should try them:
/// 1. the tallest picture not above the preferred height and in a preferred codec (of equal ones, that of the
///    codec listed first), or `picture` if there is none;
/// 2. `picture`, which every player can play;
/// 3. the others, nearest to the preference first.
/// Without a preference (null: a feed, or no particular screen) `picture` comes first. `segment` contains the
/// localisation's files.
[[nodiscard]] std::vector<std::string> picture_order(const Manifest& segment,
                                                     const Localisation& localisation,
                                                     const PicturePreference* preference);

}  // namespace riverlight::content
