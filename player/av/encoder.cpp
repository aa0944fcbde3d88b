#include "player/av/encoder.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/opt.h>
}

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "player/av/frame.hpp"

namespace riverlight::player::av {

const AVCodec& encoder_named(const char* name) {
    const auto* codec = avcodec_find_encoder_by_name(name);
    if (!codec)
        throw Error(std::string("this libav has no encoder '") + name + "'; install Debian's libavcodec59");
    return *codec;
}

namespace {

struct SoundEncoder {
    AVCodecID id;
    const char* name;
    AVSampleFormat samples;
};
constexpr SoundEncoder sound_encoders[] = {{AV_CODEC_ID_AAC, "aac", AV_SAMPLE_FMT_FLTP},
                                           {AV_CODEC_ID_MP2, "mp2", AV_SAMPLE_FMT_S16},
                                           {AV_CODEC_ID_AC3, "ac3", AV_SAMPLE_FMT_FLTP}};

const SoundEncoder& sound_encoder_for(AVCodecID id) {
    for (const auto& encoder : sound_encoders)
        if (encoder.id == id) return encoder;
    throw Error(std::string("no encoder is known for ") + avcodec_get_name(id));
}

/// Options that libx264 and libx265 share: closed GOPs of one length and, where there is a limit, a decoder's
/// buffer (VBV) of two seconds.
std::string common_options(const VideoEncoding& how) {
    const auto gop = std::to_string(how.gop);
    std::string out = "open-gop=0:scenecut=0:keyint=" + gop + ":min-keyint=" + gop;
    if (how.max_rate > 0)
        out += ":vbv-maxrate=" + std::to_string(how.max_rate / 1000) +
               ":vbv-bufsize=" + std::to_string(how.max_rate * 2 / 1000);
    return out;
}

void set_h264(AVCodecContext& c, const VideoEncoding& how) {
    av_opt_set(c.priv_data, "preset", "veryfast", 0);
    av_opt_set(c.priv_data, "profile", "high", 0);
    av_opt_set(c.priv_data, "x264-params", common_options(how).c_str(), 0);
}

/// One thread, so that the output does not depend on the number of processors. `info=0`: the encoder does not
/// write its version and options into the stream.
void set_hevc(AVCodecContext& c, const VideoEncoding& how) {
    av_opt_set(c.priv_data, "preset", "veryfast", 0);
    av_opt_set(c.priv_data, "profile", "main", 0);
    av_opt_set(c.priv_data, "x265-params",
               (common_options(how) + ":pools=none:frame-threads=1:wpp=0:info=0:log-level=none").c_str(), 0);
}

}  // namespace

VideoEncoder::VideoEncoder(const VideoEncoding& how) : packet_(new_packet()) {
    const bool hevc = how.codec == FileCodec::hevc;
    const auto& codec = encoder_named(hevc ? "libx265" : "libx264");
    context_ = made(avcodec_alloc_context3(&codec));
    auto* c = context_.get();
    c->width = how.width;
    c->height = how.height;
    c->pix_fmt = AV_PIX_FMT_YUV420P;
    c->time_base = {static_cast<int>(how.frame_rate.den), static_cast<int>(how.frame_rate.num)};
    c->framerate = {static_cast<int>(how.frame_rate.num), static_cast<int>(how.frame_rate.den)};
    c->sample_aspect_ratio = {1, 1};
    c->colorspace = AVCOL_SPC_BT709;
    c->color_primaries = AVCOL_PRI_BT709;
    c->color_trc = AVCOL_TRC_BT709;
    c->color_range = AVCOL_RANGE_MPEG;
    c->gop_size = how.gop;
    c->max_b_frames = 2;
    c->thread_count = how.threads;
    if (how.global_header) c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (how.bit_exact) c->flags |= AV_CODEC_FLAG_BITEXACT;
    av_opt_set_double(c->priv_data, "crf", how.crf, 0);
    (hevc ? set_hevc : set_h264)(*c, how);
    check(avcodec_open2(c, &codec, nullptr),
          std::string("opening the ") + (hevc ? "HEVC" : "H.264") + " encoder");
}

VideoEncoder::VideoEncoder(Handle<AVCodecContext> context)
    : context_(std::move(context)), packet_(new_packet()) {}

void VideoEncoder::add(const Picture& picture, const OnPacket& out) {
    if (picture.width != context_->width || picture.height != context_->height)
        throw Error("a picture of " + std::to_string(picture.width) + "×" + std::to_string(picture.height) +
                    " does not fit an encoder of " + std::to_string(context_->width) + "×" +
                    std::to_string(context_->height));
    add(*wrap(picture), out);
}

void VideoEncoder::add(AVFrame& frame, const OnPacket& out) {
    // libavcodec copies a frame that is not reference-counted. libx264 copies the picture again before it
    // returns, so the frame gets a reference that frees nothing, which saves the first copy.
    if (!frame.buf[0] && context_->codec_id == AV_CODEC_ID_H264) {
        const auto size =
            static_cast<std::size_t>(frame.linesize[0]) * static_cast<std::size_t>(frame.height);
        frame.buf[0] = av_buffer_create(
            frame.data[0], size, [](void*, std::uint8_t*) {}, nullptr, AV_BUFFER_FLAG_READONLY);
        if (!frame.buf[0]) throw Error("libav ran out of memory for a picture");
    }
    frame.pts = next_++;
    check(avcodec_send_frame(context_.get(), &frame), "encoding a picture");
    drain(out);
}

void VideoEncoder::drain(const OnPacket& out) {
    while (avcodec_receive_packet(context_.get(), packet_.get()) == 0) {
        packet_->duration = 1;
        out(*packet_);
        av_packet_unref(packet_.get());
    }
}

void VideoEncoder::finish(const OnPacket& out) {
    avcodec_send_frame(context_.get(), nullptr);
    drain(out);
}

AudioEncoder::AudioEncoder(const AudioEncoding& how) : packet_(new_packet()) {
    const auto& encoder = sound_encoder_for(how.codec);
    const auto& codec = encoder_named(encoder.name);
    context_ = made(avcodec_alloc_context3(&codec));
    auto* c = context_.get();
    c->sample_rate = sample_rate;
    const AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    check(av_channel_layout_copy(&c->ch_layout, &stereo), "stereo");
    c->sample_fmt = encoder.samples;
    c->time_base = {1, sample_rate};
    c->bit_rate = how.bit_rate;
    c->thread_count = 1;
    if (how.global_header) c->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (how.bit_exact) c->flags |= AV_CODEC_FLAG_BITEXACT;
    check(avcodec_open2(c, &codec, nullptr), "opening the sound encoder");
}

void AudioEncoder::encode(std::size_t frames, const OnPacket& out) {
    assert(frames * 2 <= pending_.size());
    auto frame = new_frame();
    frame->format = context_->sample_fmt;
    frame->nb_samples = static_cast<int>(frames);
    frame->sample_rate = sample_rate;
    check(av_channel_layout_copy(&frame->ch_layout, &context_->ch_layout), "stereo");
    check(av_frame_get_buffer(frame.get(), 0), "a sound frame's buffer");
    frame->pts = next_;
    next_ += static_cast<std::int64_t>(frames);
    if (context_->sample_fmt == AV_SAMPLE_FMT_S16) {
        auto* into = reinterpret_cast<std::int16_t*>(frame->data[0]);
        for (std::size_t i = 0; i < frames * 2; ++i)
            into[i] = static_cast<std::int16_t>(std::lrint(std::clamp(pending_[i], -1.0F, 1.0F) * 32767.0F));
    } else {
        auto* left = reinterpret_cast<float*>(frame->data[0]);
        auto* right = reinterpret_cast<float*>(frame->data[1]);
        for (std::size_t i = 0; i < frames; ++i) {
            left[i] = pending_[2 * i];
            right[i] = pending_[2 * i + 1];
        }
    }
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(frames * 2));
    check(avcodec_send_frame(context_.get(), frame.get()), "encoding sound");
    drain(out);
}

void AudioEncoder::add(const float* samples, std::size_t frames, const OnPacket& out) {
    pending_.insert(pending_.end(), samples, samples + frames * 2);
    const auto size = static_cast<std::size_t>(context_->frame_size);
    while (pending_.size() >= size * 2) encode(size, out);
}

void AudioEncoder::drain(const OnPacket& out) {
    while (avcodec_receive_packet(context_.get(), packet_.get()) == 0) {
        out(*packet_);
        av_packet_unref(packet_.get());
    }
}

void AudioEncoder::finish(const OnPacket& out) {
    if (!pending_.empty()) {
        if (context_->codec->id != AV_CODEC_ID_AAC)
            pending_.resize(static_cast<std::size_t>(context_->frame_size) * 2);
        encode(pending_.size() / 2, out);
    }
    avcodec_send_frame(context_.get(), nullptr);
    drain(out);
}

}  // namespace riverlight::player::av
