#include "player/av/raster.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "player/av/handles.hpp"

namespace riverlight::player {
namespace {

using av::check;
using av::made;

AVPixelFormat av_format(PixelFormat format) {
    return format == PixelFormat::nv12     ? AV_PIX_FMT_NV12
           : format == PixelFormat::yuv420 ? AV_PIX_FMT_YUV420P
                                           : AV_PIX_FMT_BGR0;
}

struct PictureBox {
    int x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] bool operator==(const PictureBox&) const = default;
};

/// The picture's rectangle in the raster: letterboxed, on even pixels.
PictureBox letterbox(const Picture& picture, const Raster& into) {
    PictureBox p{0, 0, into.width, into.height};
    const auto across = std::int64_t{into.width} * picture.height,
               down = std::int64_t{into.height} * picture.width;
    if (across > down) p.width = static_cast<int>(down / picture.height) & ~1;
    if (across < down) p.height = static_cast<int>(across / picture.width) & ~1;
    p.x = (into.width - p.width) / 2 & ~1;
    p.y = (into.height - p.height) / 2 & ~1;
    return p;
}

void fill(std::uint8_t* plane, int stride, int bytes, int rows, std::uint8_t value) {
    for (int y = 0; y < rows; ++y) std::memset(plane + std::ptrdiff_t{stride} * y, value, std::size_t(bytes));
}

void black_out(const Raster& r) {
    if (r.format == PixelFormat::xrgb8888) return fill(r.planes[0], r.strides[0], r.width * 4, r.height, 0);
    fill(r.planes[0], r.strides[0], r.width, r.height, 16);
    const bool one = r.format == PixelFormat::nv12;
    fill(r.planes[1], r.strides[1], one ? r.width : r.width / 2, r.height / 2, 128);
    if (!one) fill(r.planes[2], r.strides[2], r.width / 2, r.height / 2, 128);
}

/// Rotates one plane of width × height.
void rotate_plane(const std::vector<std::uint8_t>& from, int width, int height, int degrees,
                  std::vector<std::uint8_t>& into) {
    const auto w = static_cast<std::size_t>(width), h = static_cast<std::size_t>(height);
    into.resize(w * h);
    if (degrees == 180) {
        std::reverse_copy(from.begin(), from.end(), into.begin());
        return;
    }
    // In tiles: copying a whole column would miss the cache at every byte.
    constexpr std::size_t tile = 32;
    for (std::size_t y0 = 0; y0 < h; y0 += tile)
        for (std::size_t x0 = 0; x0 < w; x0 += tile)
            for (std::size_t y = y0; y < std::min(h, y0 + tile); ++y)
                for (std::size_t x = x0; x < std::min(w, x0 + tile); ++x)
                    into[degrees == 90 ? x * h + (h - 1 - y) : (w - 1 - x) * h + y] = from[y * w + x];
}

}  // namespace

struct Rasteriser::State {
    av::Handle<SwsContext> sws;
    PictureBox target;
    int width = 0, height = 0;
    PixelFormat format{};
};

Rasteriser::Rasteriser() : state_(std::make_unique<State>()) {}
Rasteriser::~Rasteriser() = default;
Rasteriser::Rasteriser(Rasteriser&&) noexcept = default;

void Rasteriser::draw(const Picture& picture, const Raster& into) {
    assert(into.width > 0 && into.height > 0 && into.planes[0] != nullptr);
    auto& s = *state_;
    const auto target = letterbox(picture, into);
    const bool same = s.sws && s.target == target && s.width == picture.width && s.height == picture.height &&
                      s.format == into.format;
    if (!same) {
        const bool unscaled = target.width == picture.width && target.height == picture.height;
        s.sws = made(sws_getContext(picture.width, picture.height, AV_PIX_FMT_YUV420P, target.width,
                                    target.height, av_format(into.format),
                                    unscaled ? SWS_POINT : SWS_BILINEAR, nullptr, nullptr, nullptr));
        const int* matrix = sws_getCoefficients(SWS_CS_ITU709);
        const int full = into.format == PixelFormat::xrgb8888;
        sws_setColorspaceDetails(s.sws.get(), matrix, 0, matrix, full, 0, 1 << 16, 1 << 16);
        s.target = target;
        s.width = picture.width;
        s.height = picture.height;
        s.format = into.format;
    }
    if (target.width != into.width || target.height != into.height) black_out(into);
    const std::uint8_t* from[4] = {picture.y.data(), picture.u.data(), picture.v.data(), nullptr};
    const int from_strides[4] = {picture.width, picture.width / 2, picture.width / 2, 0};
    const bool rgb = into.format == PixelFormat::xrgb8888, one = into.format == PixelFormat::nv12;
    const auto at = [&](std::size_t plane, int bytes, int row) {
        return into.planes[plane] + std::ptrdiff_t{into.strides[plane]} * row + bytes;
    };
    std::uint8_t* to[4] = {at(0, rgb ? target.x * 4 : target.x, target.y), nullptr, nullptr, nullptr};
    if (!rgb) to[1] = at(1, one ? target.x : target.x / 2, target.y / 2);
    if (!rgb && !one) to[2] = at(2, target.x / 2, target.y / 2);
    const int to_strides[4] = {into.strides[0], into.strides[1], into.strides[2], 0};
    check(sws_scale(s.sws.get(), from, from_strides, 0, picture.height, to, to_strides),
          "cannot draw the display's picture");
}

void rotate(const Picture& picture, int degrees, Picture& into) {
    assert(degrees == 0 || degrees == 90 || degrees == 180 || degrees == 270);
    if (degrees == 0) {
        into = picture;
        return;
    }
    const bool sideways = degrees != 180;
    into.width = sideways ? picture.height : picture.width;
    into.height = sideways ? picture.width : picture.height;
    rotate_plane(picture.y, picture.width, picture.height, degrees, into.y);
    rotate_plane(picture.u, picture.width / 2, picture.height / 2, degrees, into.u);
    rotate_plane(picture.v, picture.width / 2, picture.height / 2, degrees, into.v);
}

}  // namespace riverlight::player
