#include "player/av/picture.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {
namespace {

/// RGB (8 bit) to BT.709 limited range in 16.16 fixed point: ITU-R BT.709-6, item 3.4, scaled to 219 and 224
/// steps.
struct Yuv {
    int y, u, v;
};
Yuv to_yuv(int r, int g, int b) {
    return {(11966 * r + 40254 * g + 4064 * b + 32768) >> 16,
            (-6596 * r - 22189 * g + 28784 * b + 32768) >> 16,
            (28784 * r - 26145 * g - 2639 * b + 32768) >> 16};
}

std::uint8_t clamp_byte(int value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0, 255));
}

/// Index of a sample in a plane.
std::size_t at(int x, int y, int stride) {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(stride) + static_cast<std::size_t>(x);
}

/// The part of a picture that an overlay covers: columns [left, right), rows [top, bottom).
struct CoveredArea {
    int left, top, right, bottom;
};

void blend_luma(Picture& picture, const std::uint8_t* bgra, int x, int y, int width,
                const CoveredArea& area) {
    for (int row = area.top; row < area.bottom; ++row) {
        const auto* pixel = bgra + at(area.left - x, row - y, width) * 4;
        for (int column = area.left; column < area.right; ++column, pixel += 4) {
            const int alpha = pixel[3];
            if (alpha == 0) continue;
            const int luma = to_yuv(pixel[2], pixel[1], pixel[0]).y + 16 * alpha / 255;
            auto& into = picture.y[at(column, row, picture.width)];
            into = clamp_byte(luma + into * (255 - alpha) / 255);
        }
    }
}

/// Each chroma sample takes the mean of a 2 × 2 block of the overlay; pixels outside it count as transparent.
void blend_chroma(Picture& picture, const std::uint8_t* bgra, int x, int y, int width,
                  const CoveredArea& area) {
    const auto [left, top, right, bottom] = area;
    for (int row = top / 2; row < (bottom + 1) / 2; ++row) {
        for (int column = left / 2; column < (right + 1) / 2; ++column) {
            int r = 0, g = 0, b = 0, alpha = 0;
            for (int n = 0; n < 4; ++n) {
                const int px = column * 2 + (n & 1), py = row * 2 + (n >> 1);
                if (px < left || px >= right || py < top || py >= bottom) continue;
                const auto* pixel = bgra + at(px - x, py - y, width) * 4;
                b += pixel[0];
                g += pixel[1];
                r += pixel[2];
                alpha += pixel[3];
            }
            if (alpha == 0) continue;
            const auto chroma = to_yuv(r, g, b);
            const auto index = at(column, row, picture.width / 2);
            const auto mix = [&](std::uint8_t& into, int colour) {
                into = clamp_byte((colour + 2) / 4 + 128 * alpha / 1020 + into * (1020 - alpha) / 1020);
            };
            mix(picture.u[index], chroma.u);
            mix(picture.v[index], chroma.v);
        }
    }
}

}  // namespace

void blend(Picture& picture, const std::uint8_t* bgra, int x, int y, int width, int height) {
    const CoveredArea area{std::max(0, x), std::max(0, y), std::min(picture.width, x + width),
                           std::min(picture.height, y + height)};
    blend_luma(picture, bgra, x, y, width, area);
    blend_chroma(picture, bgra, x, y, width, area);
}

Picture black(int width, int height) {
    assert(width % 2 == 0 && height % 2 == 0);
    const auto size = at(0, height, width);
    return {width, height, std::vector<std::uint8_t>(size, 16), std::vector<std::uint8_t>(size / 4, 128),
            std::vector<std::uint8_t>(size / 4, 128)};
}

Picture from_bgra(const std::uint8_t* bgra, int width, int height) {
    auto picture = black(width, height);
    blend(picture, bgra, 0, 0, width, height);
    return picture;
}

}  // namespace riverlight::player
