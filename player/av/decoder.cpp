#include "player/av/decoder.hpp"

#include <limits>
#include <string_view>

extern "C" {
#include <libavutil/avstring.h>
}

namespace riverlight::player::av {
namespace {

class SoftwareDecoder final : public Decoder {
  public:
    explicit SoftwareDecoder(Handle<AVCodecContext> context) : context_(std::move(context)) {}
    int send(const AVPacket* packet) override {
        if (packet) context_->reordered_opaque = is_dropped(*packet) ? dropped : packet->dts;
        return avcodec_send_packet(context_.get(), packet);
    }
    int receive(AVFrame* frame) override {
        for (;;) {
            const int code = avcodec_receive_frame(context_.get(), frame);
            if (code < 0 || frame->reordered_opaque != dropped) return code;
            av_frame_unref(frame);
        }
    }

  private:
    /// Stands for the DTS of a picture that is decoded for others and not shown. Some of libav's decoders
    /// (AV1, Motion JPEG) return it all the same.
    static constexpr std::int64_t dropped = std::numeric_limits<std::int64_t>::max();
    [[nodiscard]] bool is_dropped(const AVPacket& packet) const {
        return (packet.flags & AV_PKT_FLAG_DISCARD) && context_->codec_type == AVMEDIA_TYPE_VIDEO;
    }

    Handle<AVCodecContext> context_;
};

/// Whether a picture stream is worth a second decoding thread, which holds ten megabytes more at 1080p: only
/// larger or faster ones.
bool is_demanding(const AVStream& stream) {
    const auto& p = *stream.codecpar;
    return p.codec_type == AVMEDIA_TYPE_VIDEO &&
           (static_cast<std::int64_t>(p.width) * p.height > 1920LL * 1088 ||
            av_q2d(stream.avg_frame_rate) > 31);
}

}  // namespace

std::string decoders_for(const MediaLimits& limits) {
    return std::string(allowed_decoders) + (limits.still_images ? still_image_decoders : "") +
           (limits.author_formats ? author_decoders : "");
}

const AVCodec* decoder_for(const AVStream& stream) {
    const auto id = stream.codecpar->codec_id;
    const auto* mode = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
    const AVCodec* of_alpha = nullptr;
    if (mode && std::string_view(mode->value) == "1") {
        if (id == AV_CODEC_ID_VP8) of_alpha = avcodec_find_decoder_by_name("libvpx");
        if (id == AV_CODEC_ID_VP9) of_alpha = avcodec_find_decoder_by_name("libvpx-vp9");
    }
    return of_alpha ? of_alpha : avcodec_find_decoder(id);
}

bool is_allowed(const AVCodec& codec, const MediaLimits& limits) {
    return av_match_list(codec.name, decoders_for(limits).c_str(), ',') > 0;
}

std::unique_ptr<Decoder> open_software_decoder(const AVCodec& codec, const AVStream& stream,
                                               const MediaLimits& limits, const std::string& what) {
    auto context = made(avcodec_alloc_context3(&codec));
    check(avcodec_parameters_to_context(context.get(), stream.codecpar), what);
    context->pkt_timebase = stream.time_base;
    context->max_pixels = limits.max_pixels;
    context->thread_count = is_demanding(stream) ? 2 : 1;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "codec_whitelist", decoders_for(limits).c_str(), 0);
    const int code = avcodec_open2(context.get(), &codec, &options);
    av_dict_free(&options);
    check(code, what);
    return std::make_unique<SoftwareDecoder>(std::move(context));
}

}  // namespace riverlight::player::av
