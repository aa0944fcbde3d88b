#pragma once
#include <cstdint>
#include <vector>

namespace riverlight::player {

/// A picture in the canvas format: planar YUV 4:2:0, 8 bit, BT.709, limited range. Rows have no padding;
/// width and height are even.
struct Picture {
    int width = 0, height = 0;
    std::vector<std::uint8_t> y, u, v;
};

[[nodiscard]] Picture black(int width, int height);
/// Blends premultiplied BGRA over a picture at (x, y); parts outside the picture are clipped.
void blend(Picture& picture, const std::uint8_t* bgra, int x, int y, int width, int height);
/// A BGRA canvas (width and height even) over black.
[[nodiscard]] Picture from_bgra(const std::uint8_t* bgra, int width, int height);

}  // namespace riverlight::player
