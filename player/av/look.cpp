#include "player/av/look.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace riverlight::player::av {
namespace {

/// Even, and the canvas itself where it is within two pixels of it: no hairline bars from rounding.
int fitted(double size, int canvas) {
    const int even = std::max(2, static_cast<int>(std::lround(size / 2)) * 2);
    return std::abs(even - canvas) <= 2 ? canvas : even;
}

/// As large as `aspect` lets it be in the canvas.
Size fit(double aspect, Size canvas) {
    if (aspect * canvas.height > canvas.width)
        return {canvas.width, fitted(canvas.width / aspect, canvas.height)};
    return {fitted(canvas.height * aspect, canvas.width), canvas.height};
}

std::string scale_to(Size size) {
    return "scale=" + std::to_string(size.width) + ':' + std::to_string(size.height) + ":flags=bicubic";
}

/// What cameras of today film in, to what screens of today show. White that lies on paper (203 cd/m²: ITU-R
/// BT.2408, 2.1) comes near to white; what shines is drawn together above it.
std::string from_bt2020(const Colours& colours) {
    const auto* matrix = colours.matrix == Colours::Matrix::bt2020  ? "2020_ncl"
                         : colours.matrix == Colours::Matrix::bt709 ? "709"
                                                                    : "170m";
    const auto meant =
        std::string("zscale=min=") + matrix + ":pin=2020:rin=" + (colours.full ? "full" : "limited");
    const std::string house = "t=709:m=709:p=709:r=limited,format=yuv420p";
    switch (colours.curve) {
        case Colours::Curve::sdr:
            return meant + ":tin=709:" + house;
        case Colours::Curve::pq:
        case Colours::Curve::hlg:
            break;
    }
    const auto* curve = colours.curve == Colours::Curve::pq ? "smpte2084" : "arib-std-b67";
    return meant + ":tin=" + curve +
           ":t=linear:npl=203,format=gbrpf32le,zscale=p=709,tonemap=mobius:param=0.6:desat=0:peak=5,zscale=" +
           house;
}

/// swscale changes matrices by way of RGB; the colorspace filter does it in one step, for a third of the
/// time.
std::string from_bt601() {
    return "colorspace=space=bt709:trc=bt709:primaries=bt709:range=tv:ispace=smpte170m:itrc=bt709:iprimaries="
           "bt709:irange=tv:fast=1";
}

}  // namespace

Colours colours_of(const AVFrame& frame) {
    Colours out;
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    out.rgb = format && (format->flags & AV_PIX_FMT_FLAG_RGB);
    out.full = frame.color_range == AVCOL_RANGE_JPEG || frame.format == AV_PIX_FMT_YUVJ420P ||
               frame.format == AV_PIX_FMT_YUVJ422P || frame.format == AV_PIX_FMT_YUVJ444P;
    if (out.rgb) return out;
    if (frame.color_trc == AVCOL_TRC_SMPTE2084) out.curve = Colours::Curve::pq;
    if (frame.color_trc == AVCOL_TRC_ARIB_STD_B67) out.curve = Colours::Curve::hlg;
    switch (frame.colorspace) {
        case AVCOL_SPC_BT709:
            break;
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL:
            out.matrix = Colours::Matrix::bt2020;
            break;
        case AVCOL_SPC_UNSPECIFIED:
            if (out.curve != Colours::Curve::sdr)
                out.matrix = Colours::Matrix::bt2020;
            else if (frame.width < 1280 && frame.height <= 576)
                out.matrix = Colours::Matrix::bt601;
            break;
        default:
            out.matrix = Colours::Matrix::bt601;
    }
    return out;
}

Stance stance_of(const std::uint8_t* matrix) {
    Stance out;
    if (!matrix) return out;
    std::array<std::int32_t, 9> m{};
    std::memcpy(m.data(), matrix, sizeof m);
    out.mirrored = double(m[0]) * m[4] - double(m[1]) * m[3] < 0;
    if (out.mirrored)  // what is left when the mirror is taken away: x counts the other way
        for (const std::size_t i : {0U, 1U}) m[i] = m[i] == INT32_MIN ? INT32_MAX : -m[i];
    const auto degrees = -av_display_rotation_get(m.data());
    if (!std::isnan(degrees)) out.turns = static_cast<int>(std::lround(degrees / 90)) & 3;
    return out;
}

void Look::set_pixel(AVRational aspect) {
    constexpr std::int64_t most = 5;
    const bool known = aspect.num > 0 && aspect.den > 0 && aspect.num <= most * aspect.den &&
                       aspect.den <= most * aspect.num;
    pixel_across = known ? aspect.num : 1;
    pixel_down = known ? aspect.den : 1;
}

Size Look::own_size() const {
    const double pixel = double(pixel_across) / pixel_down;
    const auto even = [](double size) { return (static_cast<int>(std::lround(size)) + 1) & ~1; };
    const Size lying{even(width * std::max(pixel, 1.0)), even(height / std::min(pixel, 1.0))};
    return stance.sideways() ? Size{lying.height, lying.width} : lying;
}

Look look_of(const AVFrame& frame) {
    Look out;
    out.width = frame.width;
    out.height = frame.height;
    out.format = frame.format;
    out.set_pixel(frame.sample_aspect_ratio);
    const auto* matrix = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    out.stance = stance_of(matrix ? matrix->data : nullptr);
    out.interlaced = frame.interlaced_frame != 0;
    out.colours = colours_of(frame);
    return out;
}

std::string chain_for(const Look& look, int width, int height) {
    std::string chain;
    if (look.interlaced) chain += "bwdif=mode=send_frame:deint=all,";
    static constexpr const char* turns[] = {"", "transpose=clock,", "hflip,vflip,", "transpose=cclock,"};
    if (look.stance.mirrored) chain += "hflip,";
    chain += turns[look.stance.turns];
    Size upright{look.width, look.height};
    double pixel = double(look.pixel_across) / look.pixel_down;
    if (look.stance.sideways()) {
        std::swap(upright.width, upright.height);
        pixel = 1 / pixel;
    }
    const bool own = width <= 0;
    const Size canvas = own ? look.own_size() : Size{width, height};
    const Size picture = own ? canvas : fit(pixel * upright.width / upright.height, canvas);
    const auto& colours = look.colours;
    if (!colours.rgb && (colours.matrix == Colours::Matrix::bt2020 || colours.curve != Colours::Curve::sdr)) {
        chain += scale_to(picture) + ',' + from_bt2020(colours) + ',';
    } else {
        const bool bt709 = colours.rgb || colours.matrix == Colours::Matrix::bt709;
        const bool as_is =
            upright == picture && bt709 && !colours.rgb && !colours.full && look.format == AV_PIX_FMT_YUV420P;
        if (!as_is) {
            chain += scale_to(picture);
            if (!colours.rgb)
                chain += std::string(":in_color_matrix=bt709:in_range=") + (colours.full ? "pc" : "tv");
            chain += ":out_color_matrix=bt709:out_range=tv,format=yuv420p,";
        }
        if (!bt709) chain += from_bt601() + ',';
    }
    if (picture != canvas)
        chain += "pad=" + std::to_string(canvas.width) + ':' + std::to_string(canvas.height) +
                 ":(ow-iw)/2:(oh-ih)/2:black,";
    return chain + "setsar=1,format=yuv420p";
}

}  // namespace riverlight::player::av
