#include "player/canvas/plate.hpp"

#include <algorithm>

namespace riverlight::player {
namespace {

struct Box {
    int left, top, right, bottom;
    [[nodiscard]] bool empty() const { return left >= right || top >= bottom; }
};

const std::uint8_t* pixel(const Overlay& overlay, int x, int y) {
    const auto row = static_cast<std::ptrdiff_t>(y - overlay.y) * overlay.width;
    return overlay.bgra.data() + (row + (x - overlay.x)) * 4;
}

/// What is not wholly transparent, in the picture's coordinates, widened to even ones.
Box seen(const Overlay& overlay, int picture_width, int picture_height) {
    const Box all{std::max(0, overlay.x), std::max(0, overlay.y),
                  std::min(picture_width, overlay.x + overlay.width),
                  std::min(picture_height, overlay.y + overlay.height)};
    Box out{picture_width, picture_height, 0, 0};
    for (int y = all.top; y < all.bottom; ++y) {
        for (int x = all.left; x < all.right; ++x) {
            if (pixel(overlay, x, y)[3] == 0) continue;
            out = {std::min(out.left, x), std::min(out.top, y), std::max(out.right, x + 1), y + 1};
        }
    }
    if (out.empty()) return out;
    return {out.left & ~1, out.top & ~1, (out.right + 1) & ~1, (out.bottom + 1) & ~1};
}

/// What an overlay on black leaves when the black is taken away: its own, premultiplied share.
std::uint8_t without(std::uint8_t shown, int black, int through, int whole) {
    return static_cast<std::uint8_t>(std::clamp(shown - black * through / whole, 0, 255));
}

void blend(std::uint8_t* into, const std::uint8_t* plate, const std::uint8_t* through) {
    const unsigned t = unsigned{*into} * *through + 128;  // (t + t/256) / 256 is t / 255, rounded
    *into = static_cast<std::uint8_t>(std::min(255U, *plate + ((t + (t >> 8)) >> 8)));
}

/// Whole blocks of sixteen, which compilers turn into vectors, then the rest.
void blend_row(std::uint8_t* into, const std::uint8_t* plate, const std::uint8_t* through, int count) {
    constexpr int block = 16;
    for (; count >= block; count -= block, into += block, plate += block, through += block) {
        std::uint8_t out[block];
        for (int i = 0; i < block; ++i) {
            const auto t = static_cast<std::uint16_t>(into[i] * through[i] + 128);
            const auto sum =
                static_cast<std::uint16_t>(plate[i] + (static_cast<std::uint16_t>(t + (t >> 8)) >> 8));
            out[i] = static_cast<std::uint8_t>(sum > 255 ? 255 : sum);
        }
        std::copy(out, out + block, into);
    }
    for (; count > 0; --count) blend(into++, plate++, through++);
}

/// `box` of the picture gets the part of the plate whose top left is column `from`.
void blend_plane(std::vector<std::uint8_t>& into, int stride, const std::vector<std::uint8_t>& plate,
                 const std::vector<std::uint8_t>& through, std::ptrdiff_t plate_stride, int from,
                 const Box& box) {
    for (std::ptrdiff_t row = 0; row < box.bottom - box.top; ++row)
        blend_row(into.data() + (row + box.top) * stride + box.left, plate.data() + row * plate_stride + from,
                  through.data() + row * plate_stride + from, box.right - box.left);
}

}  // namespace

Plate plate_of(const Overlay& overlay, int picture_width, int picture_height) {
    if (overlay.empty()) return {};
    const auto box = seen(overlay, picture_width, picture_height);
    if (box.empty()) return {};
    Plate out{box.left, box.top, box.right - box.left, box.bottom - box.top, {}, {}, {}, {}, {}};
    auto on_black = black(out.width, out.height);
    lay_over(on_black, overlay.bgra.data(), overlay.x - box.left, overlay.y - box.top, overlay.width,
             overlay.height);
    const auto through = [&](int x, int y) {
        const bool inside = x >= overlay.x && x < overlay.x + overlay.width && y >= overlay.y &&
                            y < overlay.y + overlay.height;
        return inside ? 255 - pixel(overlay, x, y)[3] : 255;
    };
    for (int y = box.top; y < box.bottom; ++y) {
        for (int x = box.left; x < box.right; ++x) {
            const int luma = through(x, y);
            out.luma_through.push_back(static_cast<std::uint8_t>(luma));
            out.luma.push_back(without(on_black.y[out.luma.size()], 16, luma, 255));
            if ((x & 1) || (y & 1)) continue;
            const int chroma = luma + through(x + 1, y) + through(x, y + 1) + through(x + 1, y + 1);
            out.chroma_through.push_back(static_cast<std::uint8_t>((chroma + 2) / 4));
            out.u.push_back(without(on_black.u[out.u.size()], 128, chroma, 1020));
            out.v.push_back(without(on_black.v[out.v.size()], 128, chroma, 1020));
        }
    }
    return out;
}

void lay_over(Picture& picture, const Plate& plate) {
    lay_part(picture, plate, 0, 0, picture.width);
}

void lay_part(Picture& picture, const Plate& plate, int x, int left, int right) {
    if (plate.empty()) return;
    const int at = plate.x + x;
    const Box luma{std::max(at, left), plate.y, std::min(at + plate.width, right), plate.y + plate.height};
    if (luma.empty()) return;
    const Box chroma{luma.left / 2, luma.top / 2, luma.right / 2, luma.bottom / 2};
    const int from = luma.left - at;
    blend_plane(picture.y, picture.width, plate.luma, plate.luma_through, plate.width, from, luma);
    blend_plane(picture.u, picture.width / 2, plate.u, plate.chroma_through, plate.width / 2, from / 2,
                chroma);
    blend_plane(picture.v, picture.width / 2, plate.v, plate.chroma_through, plate.width / 2, from / 2,
                chroma);
}

}  // namespace riverlight::player
