#include "player/av/picture_converter.hpp"

#include <cassert>
#include <cstdio>
#include <utility>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include "player/av/frame.hpp"

namespace riverlight::player::av {

void PictureConverter::configure(AVRational time_base) {
    graph_ = made(avfilter_graph_alloc());
    graph_->nb_threads = 1;
    char args[256];
    std::snprintf(args, sizeof args, "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=%d/%d",
                  format_.width, format_.height, static_cast<int>(format_.pixel_format), time_base.num,
                  time_base.den, format_.pixel_width, format_.pixel_height);
    check(
        avfilter_graph_create_filter(&in_, avfilter_get_by_name("buffer"), "in", args, nullptr, graph_.get()),
        file_);
    check(avfilter_graph_create_filter(&out_, avfilter_get_by_name("buffersink"), "out", nullptr, nullptr,
                                       graph_.get()),
          file_);
    auto* outputs = avfilter_inout_alloc();
    auto* inputs = avfilter_inout_alloc();
    outputs->name = av_strdup("in");
    outputs->filter_ctx = in_;
    inputs->name = av_strdup("out");
    inputs->filter_ctx = out_;
    const int code = avfilter_graph_parse_ptr(
        graph_.get(), filter_chain(format_, canvas_, deinterlace_).c_str(), &inputs, &outputs, nullptr);
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    check(code, file_);
    check(avfilter_graph_config(graph_.get(), nullptr), file_);
    finished_ = false;
}

void PictureConverter::push(AVFrame& frame, AVRational time_base) {
    auto format = format_of(frame);
    format.interlaced |= format_.interlaced;  // once one is interlaced, deinterlace them all
    if (!graph_ || format != format_) {
        if (finish())
            while (auto converted = pull(nullptr)) drained_.push_back(std::move(*converted));
        format_ = format;
        configure(time_base);
    }
    assert(!finished_);
    check(av_buffersrc_add_frame(in_, &frame), file_);
}

bool PictureConverter::finish() {
    if (!graph_ || finished_) return false;
    check(av_buffersrc_add_frame(in_, nullptr), file_);
    finished_ = true;
    return true;
}

std::optional<PictureConverter::Converted> PictureConverter::pull(PicturePool* pool) {
    assert(graph_);
    auto out = new_frame();
    const int code = av_buffersink_get_frame(out_, out.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    check(code, file_);
    return Converted{out->pts, av_buffersink_get_time_base(out_),
                     copy_picture(*out, pool ? pool->take() : Picture{})};
}

std::optional<PictureConverter::Converted> PictureConverter::next(PicturePool* pool) {
    if (!drained_.empty()) {
        auto converted = std::move(drained_.front());
        drained_.pop_front();
        return converted;
    }
    if (!graph_) return {};
    return pull(pool);
}

}  // namespace riverlight::player::av
