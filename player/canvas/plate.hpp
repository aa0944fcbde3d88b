#pragma once
#include <cstdint>
#include <vector>

#include "player/av/av.hpp"
#include "player/text/text.hpp"

namespace riverlight::player {

/// An overlay in a picture's own colours, cut to what is seen of it: made once, laid over as many pictures as
/// it is shown for. Planes are premultiplied; `*_through` is how much of the picture is seen, of 255.
struct Plate {
    int x = 0, y = 0, width = 0, height = 0;         ///< all even
    std::vector<std::uint8_t> luma, luma_through;    ///< width × height
    std::vector<std::uint8_t> u, v, chroma_through;  ///< a quarter of that
    [[nodiscard]] bool empty() const { return luma.empty(); }
};

/// For pictures of the given even size. Empty where nothing of the overlay is seen.
[[nodiscard]] Plate plate_of(const Overlay& overlay, int picture_width, int picture_height);

/// The picture is of the size that the plate was made for.
void lay_over(Picture& picture, const Plate& plate);

/// The same moved right by `x`, of which only columns [left, right) of the picture are seen; all even, and
/// within the picture.
void lay_part(Picture& picture, const Plate& plate, int x, int left, int right);

}  // namespace riverlight::player
