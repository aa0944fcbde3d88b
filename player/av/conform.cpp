#include "player/av/conform.hpp"

#include <utility>

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

namespace riverlight::player::av {

void Conform::configure(AVRational base) {
    graph_ = made(avfilter_graph_alloc());
    graph_->nb_threads = 1;
    char args[256];
    std::snprintf(args, sizeof args, "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=%d/%d",
                  look_.width, look_.height, look_.format, base.num, base.den, look_.pixel_across,
                  look_.pixel_down);
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
    const int code = avfilter_graph_parse_ptr(graph_.get(), chain_for(look_, width_, height_).c_str(),
                                              &inputs, &outputs, nullptr);
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    check(code, what_);
    check(avfilter_graph_config(graph_.get(), nullptr), what_);
    finished_ = false;
}

void Conform::take(AVFrame& frame, AVRational base) {
    auto look = look_of(frame);
    look.interlaced |= look_.interlaced;  // once it is, each picture is looked at
    if (!graph_ || look != look_) {
        if (finish())
            while (auto done = taken_out(nullptr)) left_.push_back(std::move(*done));
        look_ = look;
        configure(base);
    }
    check(av_buffersrc_add_frame(in_, &frame), what_);
}

bool Conform::finish() {
    if (!graph_ || finished_) return false;
    check(av_buffersrc_add_frame(in_, nullptr), what_);
    finished_ = true;
    return true;
}

std::optional<Conform::Done> Conform::taken_out(Spares* spares) {
    auto out = new_frame();
    const int code = av_buffersink_get_frame(out_, out.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    check(code, what_);
    return Done{out->pts, av_buffersink_get_time_base(out_),
                copy_picture(*out, spares ? spares->take() : Picture{})};
}

std::optional<Conform::Done> Conform::next(Spares* spares) {
    if (!left_.empty()) {
        auto done = std::move(left_.front());
        left_.pop_front();
        return done;
    }
    if (!graph_) return {};
    return taken_out(spares);
}

}  // namespace riverlight::player::av
