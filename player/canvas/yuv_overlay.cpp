#include "player/canvas/yuv_overlay.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

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

/// The intersection of the overlay and a box, in the picture's coordinates.
Box intersection(const Overlay& overlay, const Box& of) {
    return {std::max(of.left, overlay.x), std::max(of.top, overlay.y),
            std::min(of.right, overlay.x + overlay.width), std::min(of.bottom, overlay.y + overlay.height)};
}

/// The box of pixels that are not fully transparent, in the picture's coordinates, widened to even ones.
Box visible_box(const Overlay& overlay, int picture_width, int picture_height) {
    const auto all = intersection(overlay, {0, 0, picture_width, picture_height});
    Box out{picture_width, picture_height, 0, 0};
    for (int y = all.top; y < all.bottom; ++y) {
        int left = all.left, right = all.right;
        while (left < right && pixel(overlay, left, y)[3] == 0) ++left;
        if (left >= right) continue;
        while (pixel(overlay, right - 1, y)[3] == 0) --right;
        out = {std::min(out.left, left), std::min(out.top, y), std::max(out.right, right), y + 1};
    }
    if (out.empty()) return out;
    return {out.left & ~1, out.top & ~1, (out.right + 1) & ~1, (out.bottom + 1) & ~1};
}

/// How much of the picture shows through each pixel of the box; all of it outside the overlay.
std::vector<std::uint8_t> through_of(const Overlay& overlay, const Box& box) {
    const std::ptrdiff_t width = box.right - box.left;
    std::vector<std::uint8_t> out(static_cast<std::size_t>(width * (box.bottom - box.top)), 255);
    const auto part = intersection(overlay, box);
    for (int y = part.top; y < part.bottom; ++y) {
        auto* into = out.data() + (y - box.top) * width + (part.left - box.left);
        const auto* from = pixel(overlay, part.left, y);
        for (int x = part.left; x < part.right; ++x, from += 4)
            *into++ = static_cast<std::uint8_t>(255 - from[3]);
    }
    return out;
}

/// Subtracts the black background from an overlay drawn on black; its own premultiplied share is left.
std::uint8_t subtract_black(std::uint8_t shown, int black, int through, int whole) {
    return static_cast<std::uint8_t>(std::clamp(shown - black * through / whole, 0, 255));
}

void blend_sample(std::uint8_t* into, const std::uint8_t* overlay, const std::uint8_t* through) {
    const unsigned t = unsigned{*into} * *through + 128;  // (t + t/256) / 256 is t / 255, rounded
    *into = static_cast<std::uint8_t>(std::min(255U, *overlay + ((t + (t >> 8)) >> 8)));
}

/// Whole blocks of sixteen, which compilers vectorize, then the rest.
void blend_row(std::uint8_t* into, const std::uint8_t* overlay, const std::uint8_t* through, int count) {
    constexpr int block = 16;
    for (; count >= block; count -= block, into += block, overlay += block, through += block) {
        std::uint8_t out[block];
        for (int i = 0; i < block; ++i) {
            const auto t = static_cast<std::uint16_t>(into[i] * through[i] + 128);
            const auto sum =
                static_cast<std::uint16_t>(overlay[i] + (static_cast<std::uint16_t>(t + (t >> 8)) >> 8));
            out[i] = static_cast<std::uint8_t>(sum > 255 ? 255 : sum);
        }
        std::copy(out, out + block, into);
    }
    for (; count > 0; --count) blend_sample(into++, overlay++, through++);
}

/// Blends the overlay, from its column `from` on, into `box` of the picture.
void blend_plane(std::vector<std::uint8_t>& into, int stride, const std::vector<std::uint8_t>& overlay,
                 const std::vector<std::uint8_t>& through, std::ptrdiff_t overlay_stride, int from,
                 const Box& box) {
    for (std::ptrdiff_t row = 0; row < box.bottom - box.top; ++row)
        blend_row(into.data() + (row + box.top) * stride + box.left,
                  overlay.data() + row * overlay_stride + from, through.data() + row * overlay_stride + from,
                  box.right - box.left);
}

}  // namespace

YuvOverlay to_yuv(const Overlay& overlay, int picture_width, int picture_height) {
    if (overlay.empty()) return {};
    const auto box = visible_box(overlay, picture_width, picture_height);
    if (box.empty()) return {};
    YuvOverlay out{box.left, box.top, box.right - box.left, box.bottom - box.top, {}, {}, {}, {}, {}};
    auto on_black = black(out.width, out.height);
    blend(on_black, overlay.bgra.data(), overlay.x - box.left, overlay.y - box.top, overlay.width,
          overlay.height);
    out.luma_through = through_of(overlay, box);
    out.luma = std::move(on_black.y);
    for (std::size_t i = 0; i < out.luma.size(); ++i)
        out.luma[i] = subtract_black(out.luma[i], 16, out.luma_through[i], 255);
    out.u = std::move(on_black.u);
    out.v = std::move(on_black.v);
    out.chroma_through.resize(out.u.size());
    const auto across = static_cast<std::size_t>(out.width);
    for (std::size_t i = 0; i < out.u.size(); ++i) {
        const auto* four = out.luma_through.data() + i / (across / 2) * 2 * across + i % (across / 2) * 2;
        const int chroma = four[0] + four[1] + four[across] + four[across + 1];
        out.chroma_through[i] = static_cast<std::uint8_t>((chroma + 2) / 4);
        out.u[i] = subtract_black(out.u[i], 128, chroma, 1020);
        out.v[i] = subtract_black(out.v[i], 128, chroma, 1020);
    }
    return out;
}

void blend(Picture& picture, const YuvOverlay& overlay) {
    blend_columns(picture, overlay, 0, 0, picture.width);
}

void blend_columns(Picture& picture, const YuvOverlay& overlay, int x, int left, int right) {
    if (overlay.empty()) return;
    assert(x % 2 == 0 && left % 2 == 0 && right % 2 == 0 && left >= 0 && right <= picture.width);
    assert(overlay.luma.size() == overlay.luma_through.size() && overlay.u.size() * 4 == overlay.luma.size());
    const int at = overlay.x + x;
    const Box luma{std::max(at, left), overlay.y, std::min(at + overlay.width, right),
                   overlay.y + overlay.height};
    if (luma.empty()) return;
    const Box chroma{luma.left / 2, luma.top / 2, luma.right / 2, luma.bottom / 2};
    const int from = luma.left - at;
    blend_plane(picture.y, picture.width, overlay.luma, overlay.luma_through, overlay.width, from, luma);
    blend_plane(picture.u, picture.width / 2, overlay.u, overlay.chroma_through, overlay.width / 2, from / 2,
                chroma);
    blend_plane(picture.v, picture.width / 2, overlay.v, overlay.chroma_through, overlay.width / 2, from / 2,
                chroma);
}

}  // namespace riverlight::player
