#include "player/av/conform.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/display.h>
#include <libavutil/pixdesc.h>
}

namespace riverlight::player::av {

/// Deinterlacing, rotation, scaling into the canvas and padding: what this frame needs, in libavfilter's
/// words.
std::string Conform::chain_for(const AVFrame& frame) const {
    std::string chain;
    if (frame.interlaced_frame) chain += "bwdif=mode=send_frame:deint=all,";
    int w = frame.width, h = frame.height;
    auto sar = frame.sample_aspect_ratio.num > 0 ? frame.sample_aspect_ratio : AVRational{1, 1};
    if (const auto* matrix = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX)) {
        const auto turn =
            static_cast<int>(std::lround(
                -av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix->data)) / 90)) &
            3;
        static constexpr const char* turns[] = {"", "transpose=clock,", "hflip,vflip,", "transpose=cclock,"};
        chain += turns[turn];
        if (turn & 1) {
            std::swap(w, h);
            std::swap(sar.num, sar.den);
        }
    }
    const int to_width = width_ > 0 ? width_ : (w + 1) & ~1, to_height = height_ > 0 ? height_ : (h + 1) & ~1;
    // Display size by the pixel's aspect, fitted inside the canvas on even numbers.
    const double aspect = double(w) * sar.num / (double(h) * sar.den);
    int fit_width = to_width, fit_height = to_height;
    if (width_ > 0) {
        if (aspect * to_height > to_width) {
            fit_height = static_cast<int>(std::lround(to_width / aspect / 2)) * 2;
        } else {
            fit_width = static_cast<int>(std::lround(to_height * aspect / 2)) * 2;
        }
        // Within two pixels of the canvas is the canvas: no hairline bars from rounding.
        if (std::abs(fit_width - to_width) <= 2) fit_width = to_width;
        if (std::abs(fit_height - to_height) <= 2) fit_height = to_height;
    }
    const bool hd = frame.height >= 720;
    const bool bt709 =
        frame.colorspace == AVCOL_SPC_BT709 || (frame.colorspace == AVCOL_SPC_UNSPECIFIED && hd);
    const bool limited = frame.color_range != AVCOL_RANGE_JPEG && frame.format != AV_PIX_FMT_YUVJ420P;
    const bool as_is =
        w == fit_width && h == fit_height && bt709 && limited && frame.format == AV_PIX_FMT_YUV420P;
    if (!as_is) {
        const auto* descriptor = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
        const bool rgb = descriptor && (descriptor->flags & AV_PIX_FMT_FLAG_RGB);
        chain += "scale=" + std::to_string(fit_width) + ':' + std::to_string(fit_height) + ":flags=bicubic";
        // swscale changes matrices by way of RGB; the colorspace filter does it in one step, for a third of
        // the time.
        if (!rgb) chain += std::string(":in_range=") + (limited ? "tv" : "pc");
        chain += rgb ? ":out_color_matrix=bt709" : ":in_color_matrix=bt709:out_color_matrix=bt709";
        chain += ":out_range=tv,format=yuv420p,";
        if (!rgb && !bt709)
            chain +=
                "colorspace=space=bt709:trc=bt709:primaries=bt709:range=tv:ispace=smpte170m:itrc=bt709:"
                "iprimaries=bt709:irange=tv:fast=1,";
    }
    if (fit_width != to_width || fit_height != to_height)
        chain += "pad=" + std::to_string(to_width) + ':' + std::to_string(to_height) +
                 ":(ow-iw)/2:(oh-ih)/2:black,";
    return chain + "setsar=1,format=yuv420p";
}

void Conform::configure(const AVFrame& frame, AVRational base) {
    graph_ = made(avfilter_graph_alloc());
    graph_->nb_threads = 1;
    const auto sar = frame.sample_aspect_ratio.num > 0 ? frame.sample_aspect_ratio : AVRational{1, 1};
    char args[256];
    std::snprintf(args, sizeof args, "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=%d/%d",
                  frame.width, frame.height, frame.format, base.num, base.den, sar.num, sar.den);
    check(
        avfilter_graph_create_filter(&in_, avfilter_get_by_name("buffer"), "in", args, nullptr, graph_.get()),
        what_);
    check(avfilter_graph_create_filter(&out_, avfilter_get_by_name("buffersink"), "out", nullptr, nullptr,
                                       graph_.get()),
          what_);
    auto* outputs = avfilter_inout_alloc();
    auto* inputs = avfilter_inout_alloc();
    outputs->name = av_strdup("in");
    outputs->filter_ctx = in_;
    inputs->name = av_strdup("out");
    inputs->filter_ctx = out_;
    const int code =
        avfilter_graph_parse_ptr(graph_.get(), chain_for(frame).c_str(), &inputs, &outputs, nullptr);
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    check(code, what_);
    check(avfilter_graph_config(graph_.get(), nullptr), what_);
    of_width_ = frame.width;
    of_height_ = frame.height;
    of_format_ = frame.format;
    interlaced_ = frame.interlaced_frame;
    finished_ = false;
}

void Conform::take(AVFrame& frame, AVRational base) {
    const bool changed = frame.width != of_width_ || frame.height != of_height_ ||
                         frame.format != of_format_ || (frame.interlaced_frame && !interlaced_);
    if (!graph_ || changed) configure(frame, base);
    check(av_buffersrc_add_frame(in_, &frame), what_);
}

bool Conform::finish() {
    if (!graph_ || finished_) return false;
    check(av_buffersrc_add_frame(in_, nullptr), what_);
    finished_ = true;
    return true;
}

std::optional<Conform::Done> Conform::next(Spares* spares) {
    if (!graph_) return {};
    auto out = new_frame();
    const int code = av_buffersink_get_frame(out_, out.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    check(code, what_);
    return Done{out->pts, av_buffersink_get_time_base(out_),
                copy_picture(*out, spares ? spares->take() : Picture{})};
}

}  // namespace riverlight::player::av
