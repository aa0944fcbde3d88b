#include "player/av/transparency.hpp"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "player/av/filter_chain.hpp"
#include "player/av/frame.hpp"

namespace riverlight::player::av {
namespace {

constexpr const char* what = "a transparent picture cannot be converted";

/// `frame` as 8-bit RGBA, by its own matrix and range.
Handle<AVFrame> to_rgba(const AVFrame& frame) {
    auto out = allocate_frame(frame.width, frame.height, AV_PIX_FMT_RGBA);
    auto sws = made(sws_getContext(
        frame.width, frame.height, static_cast<AVPixelFormat>(frame.format), frame.width, frame.height,
        AV_PIX_FMT_RGBA, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr, nullptr));
    const auto colours = colour_space_of(frame);
    const int matrix = colours.matrix == ColourSpace::Matrix::bt601    ? SWS_CS_ITU601
                       : colours.matrix == ColourSpace::Matrix::bt2020 ? SWS_CS_BT2020
                                                                       : SWS_CS_ITU709;
    sws_setColorspaceDetails(sws.get(), sws_getCoefficients(matrix), colours.full_range,
                             sws_getCoefficients(SWS_CS_ITU709), 1, 0, 1 << 16, 1 << 16);
    check(sws_scale(sws.get(), frame.data, frame.linesize, 0, frame.height, out->data, out->linesize), what);
    return out;
}

}  // namespace

bool may_be_transparent(const AVFrame& frame) {
    const auto* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    return format && (format->flags & AV_PIX_FMT_FLAG_ALPHA);
}

Handle<AVFrame> composed(const AVFrame& frame, std::uint32_t background) {
    const auto rgba = to_rgba(frame);
    auto out = allocate_frame(frame.width, frame.height, AV_PIX_FMT_RGB24);
    check(av_frame_copy_props(out.get(), &frame), what);
    out->colorspace = AVCOL_SPC_RGB;
    out->color_range = AVCOL_RANGE_JPEG;
    const unsigned behind[3] = {background >> 16 & 0xff, background >> 8 & 0xff, background & 0xff};
    for (int y = 0; y < frame.height; ++y) {
        const auto* from = rgba->data[0] + static_cast<std::ptrdiff_t>(y) * rgba->linesize[0];
        auto* to = out->data[0] + static_cast<std::ptrdiff_t>(y) * out->linesize[0];
        for (int x = 0; x < frame.width; ++x, from += 4)
            for (int c = 0; c < 3; ++c)
                *to++ =
                    static_cast<std::uint8_t>((from[c] * from[3] + behind[c] * (255U - from[3]) + 127) / 255);
    }
    return out;
}

}  // namespace riverlight::player::av
