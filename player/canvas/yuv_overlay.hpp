#pragma once
#include <cstdint>
#include <vector>

#include "player/av/picture.hpp"
#include "player/text/overlay.hpp"

namespace riverlight::player {

/// An overlay converted to a picture's colour space and cropped to its visible part: converted once, blended
/// over every picture that shows it. Planes are premultiplied; `*_through` is how much of the picture shows
/// through, of 255.
struct YuvOverlay {
    int x = 0, y = 0, width = 0, height = 0;         ///< all even
    std::vector<std::uint8_t> luma, luma_through;    ///< width × height
    std::vector<std::uint8_t> u, v, chroma_through;  ///< width / 2 × height / 2
    [[nodiscard]] bool empty() const { return luma.empty(); }
};

/// Converts an overlay for pictures of the given even size. Empty where none of it is visible.
[[nodiscard]] YuvOverlay to_yuv(const Overlay& overlay, int picture_width, int picture_height);

/// Blends the overlay into a picture of the size that it was converted for.
void blend(Picture& picture, const YuvOverlay& overlay);

/// Blends the overlay, moved right by `x`, into columns [left, right) of the picture only. All even, and
/// within the picture.
void blend_columns(Picture& picture, const YuvOverlay& overlay, int x, int left, int right);

}  // namespace riverlight::player
