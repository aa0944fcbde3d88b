#pragma once
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/frame.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>
}
#include <cerrno>
#include <memory>
#include <string>

#include "content/base/error.hpp"

/// libav's handles with their owners, and its error codes as exceptions. Only player/av includes this.
namespace riverlight::player::av {

struct AvDeleter {
    void operator()(AVFormatContext* p) const { avformat_close_input(&p); }
    void operator()(AVCodecContext* p) const { avcodec_free_context(&p); }
    void operator()(AVFrame* p) const { av_frame_free(&p); }
    void operator()(AVPacket* p) const { av_packet_free(&p); }
    void operator()(AVFilterGraph* p) const { avfilter_graph_free(&p); }
    void operator()(SwsContext* p) const { sws_freeContext(p); }
    void operator()(SwrContext* p) const { swr_free(&p); }
};
struct FreeOutput {
    void operator()(AVFormatContext* p) const { avformat_free_context(p); }
};
template <class T>
using Handle = std::unique_ptr<T, AvDeleter>;

/// libav's text for an error code.
[[nodiscard]] inline std::string reason(int code) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return text;
}

/// Throws Error `what: reason` for a negative code; returns any other.
inline int check(int code, const std::string& what) {
    if (code < 0) throw Error(what + ": " + reason(code));
    return code;
}

/// Owns what libav allocated; throws Error for null.
template <class T>
[[nodiscard]] Handle<T> made(T* p) {
    if (!p) throw Error("libav ran out of memory");
    return Handle<T>(p);
}

[[nodiscard]] inline Handle<AVFrame> new_frame() {
    return made(av_frame_alloc());
}
[[nodiscard]] inline Handle<AVPacket> new_packet() {
    return made(av_packet_alloc());
}

}  // namespace riverlight::player::av
