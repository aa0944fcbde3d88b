#include "player/av/filter_chain.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstring>
#include <utility>

extern "C" {
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace riverlight::player::av {
namespace {

/// Rounds to even, and to the canvas where that is within two pixels: rounding must not leave hairline bars.
int snap(double size, int canvas) {
    const int even = std::max(2, static_cast<int>(std::lround(size / 2)) * 2);
    return std::abs(even - canvas) <= 2 ? canvas : even;
}

/// The largest size with this aspect ratio in the canvas (letterbox or pillarbox).
Size fit(double aspect, Size canvas) {
    if (aspect * canvas.height > canvas.width)
        return {canvas.width, snap(canvas.width / aspect, canvas.height)};
    return {snap(canvas.height * aspect, canvas.width), canvas.height};
}

std::string scale_to(Size size) {
    return "scale=" + std::to_string(size.width) + ':' + std::to_string(size.height) + ":flags=bicubic";
}

/// BT.2020 to BT.709, with tone mapping where the picture is HDR: diffuse white (203 cd/m²; ITU-R
/// BT.2408, 2.1) comes out close to white, and highlights above it are compressed.
std::string from_bt2020(const ColourSpace& colours) {
    const auto* matrix = colours.matrix == ColourSpace::Matrix::bt2020  ? "2020_ncl"
                         : colours.matrix == ColourSpace::Matrix::bt709 ? "709"
                                                                        : "170m";
    const auto input =
        std::string("zscale=min=") + matrix + ":pin=2020:rin=" + (colours.full_range ? "full" : "limited");
    const std::string output = "t=709:m=709:p=709:r=limited,format=yuv420p";
    switch (colours.transfer) {
        case ColourSpace::Transfer::sdr:
            return input + ":tin=709:" + output;
        case ColourSpace::Transfer::pq:
        case ColourSpace::Transfer::hlg:
            break;
    }
    const auto* transfer = colours.transfer == ColourSpace::Transfer::pq ? "smpte2084" : "arib-std-b67";
    return input + ":tin=" + transfer +
           ":t=linear:npl=203,format=gbrpf32le,zscale=p=709,tonemap=mobius:param=0.6:desat=0:peak=5,zscale=" +
           output;
}

/// swscale would convert the matrix by way of RGB; the colorspace filter does it in one step and a third of
/// the time.
std::string from_bt601() {
    return "colorspace=space=bt709:trc=bt709:primaries=bt709:range=tv:ispace=smpte170m:itrc=bt709:iprimaries="
           "bt709:irange=tv:fast=1";
}

}  // namespace

namespace {

/// Files name colours by numbers, and libav passes on those that its enums do not have.
template <class Enum>
int number_of(const Enum& value) {
    int number = 0;
    static_assert(sizeof number == sizeof value);
    std::memcpy(&number, &value, sizeof number);
    return number;
}

}  // namespace

ColourSpace colour_space_of(const AVFrame& frame) {
    ColourSpace out;
    const int transfer = number_of(frame.color_trc);
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    out.rgb = format && (format->flags & AV_PIX_FMT_FLAG_RGB);
    out.full_range = number_of(frame.color_range) == AVCOL_RANGE_JPEG ||
                     frame.format == AV_PIX_FMT_YUVJ420P || frame.format == AV_PIX_FMT_YUVJ422P ||
                     frame.format == AV_PIX_FMT_YUVJ444P;
    if (out.rgb) return out;
    if (transfer == AVCOL_TRC_SMPTE2084) out.transfer = ColourSpace::Transfer::pq;
    if (transfer == AVCOL_TRC_ARIB_STD_B67) out.transfer = ColourSpace::Transfer::hlg;
    switch (number_of(frame.colorspace)) {
        case AVCOL_SPC_BT709:
            break;
        case AVCOL_SPC_BT2020_NCL:
        case AVCOL_SPC_BT2020_CL:
            out.matrix = ColourSpace::Matrix::bt2020;
            break;
        case AVCOL_SPC_UNSPECIFIED:
            if (out.transfer != ColourSpace::Transfer::sdr)
                out.matrix = ColourSpace::Matrix::bt2020;
            else if (frame.width < 1280 && frame.height <= 576)
                out.matrix = ColourSpace::Matrix::bt601;
            break;
        default:
            out.matrix = ColourSpace::Matrix::bt601;
    }
    return out;
}

Orientation orientation_of(const std::uint8_t* matrix) {
    Orientation out;
    if (!matrix) return out;
    DisplayMatrix m{};
    std::memcpy(m.data(), matrix, sizeof m);
    out.flipped = double(m[0]) * m[4] - double(m[1]) * m[3] < 0;
    if (out.flipped)  // reverse the x axis; a plain rotation is left
        for (const std::size_t i : {0U, 1U}) m[i] = m[i] == INT32_MIN ? INT32_MAX : -m[i];
    const auto degrees = -av_display_rotation_get(m.data());
    if (!std::isnan(degrees)) out.quarter_turns = static_cast<int>(std::lround(degrees / 90)) & 3;
    return out;
}

DisplayMatrix display_matrix_of(Orientation orientation) {
    DisplayMatrix m{};
    av_display_rotation_set(m.data(), orientation.quarter_turns * 90.0);
    if (orientation.flipped)
        for (const std::size_t i : {0U, 1U}) m[i] = -m[i];
    return m;
}

Orientation Orientation::then(Orientation next) const {
    // A flip behind a turn is a flip before the opposite turn.
    const int turns = next.flipped ? next.quarter_turns - quarter_turns : quarter_turns + next.quarter_turns;
    return {flipped != next.flipped, turns & 3};
}

void PictureFormat::set_sample_aspect(AVRational aspect) {
    constexpr std::int64_t max = 5;
    const bool known =
        aspect.num > 0 && aspect.den > 0 && aspect.num <= max * aspect.den && aspect.den <= max * aspect.num;
    pixel_width = known ? aspect.num : 1;
    pixel_height = known ? aspect.den : 1;
}

Size PictureFormat::display_size() const {
    const double pixel = double(pixel_width) / pixel_height;
    const auto even = [](double size) { return (static_cast<int>(std::lround(size)) + 1) & ~1; };
    const Size unrotated{even(width * std::max(pixel, 1.0)), even(height / std::min(pixel, 1.0))};
    return orientation.swaps_sides() ? Size{unrotated.height, unrotated.width} : unrotated;
}

PictureFormat format_of(const AVFrame& frame) {
    PictureFormat out;
    out.width = frame.width;
    out.height = frame.height;
    out.pixel_format = static_cast<AVPixelFormat>(frame.format);
    out.set_sample_aspect(frame.sample_aspect_ratio);
    const auto* matrix = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
    out.orientation = orientation_of(matrix ? matrix->data : nullptr);
    out.interlaced = frame.interlaced_frame != 0;
    out.colours = colour_space_of(frame);
    return out;
}

namespace {

/// Deinterlaced and upright; ends with a comma unless it is empty.
std::string upright(const PictureFormat& format, Deinterlace deinterlace) {
    static constexpr std::array rotations{"", "transpose=clock,", "hflip,vflip,", "transpose=cclock,"};
    assert(format.orientation.quarter_turns >= 0 && format.orientation.quarter_turns <= 3);
    std::string chain;
    if (format.interlaced)
        chain += deinterlace == Deinterlace::fields ? "bwdif=mode=send_field:deint=all,"
                                                    : "bwdif=mode=send_frame:deint=all,";
    if (format.orientation.flipped) chain += "hflip,";
    return chain + rotations[static_cast<std::size_t>(format.orientation.quarter_turns)];
}

/// Scaled from `from` to `to`, in the canvas format's colours; ends with a comma unless it is empty.
std::string scaled_and_converted(const PictureFormat& format, Size from, Size to) {
    const auto& colours = format.colours;
    const bool wide_gamut = !colours.rgb && (colours.matrix == ColourSpace::Matrix::bt2020 ||
                                             colours.transfer != ColourSpace::Transfer::sdr);
    if (wide_gamut) return scale_to(to) + ',' + from_bt2020(colours) + ',';
    const bool bt709 = colours.rgb || colours.matrix == ColourSpace::Matrix::bt709;
    const bool unchanged = from == to && bt709 && !colours.rgb && !colours.full_range &&
                           format.pixel_format == AV_PIX_FMT_YUV420P;
    std::string chain;
    if (!unchanged) {
        chain += scale_to(to);
        if (!colours.rgb)
            chain += std::string(":in_color_matrix=bt709:in_range=") + (colours.full_range ? "pc" : "tv");
        chain += ":out_color_matrix=bt709:out_range=tv,format=yuv420p,";
    }
    if (!bt709) chain += from_bt601() + ',';
    return chain;
}

}  // namespace

std::string filter_chain(const PictureFormat& format, std::optional<Size> into, Deinterlace deinterlace) {
    Size size{format.width, format.height};
    double pixel = double(format.pixel_width) / format.pixel_height;
    if (format.orientation.swaps_sides()) {
        std::swap(size.width, size.height);
        pixel = 1 / pixel;
    }
    const Size canvas = into.value_or(format.display_size());
    const Size picture = into ? fit(pixel * size.width / size.height, canvas) : canvas;
    assert(picture.width <= canvas.width && picture.height <= canvas.height);
    auto chain = upright(format, deinterlace) + scaled_and_converted(format, size, picture);
    if (picture != canvas)
        chain += "pad=" + std::to_string(canvas.width) + ':' + std::to_string(canvas.height) +
                 ":(ow-iw)/2:(oh-ih)/2:black,";
    return chain + "setsar=1,format=yuv420p";
}

}  // namespace riverlight::player::av
