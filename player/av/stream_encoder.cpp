#include "player/av/stream_encoder.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "player/av/bitstream.hpp"
#include "player/av/encoder.hpp"
#include "player/av/frame.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace riverlight::player {

using namespace av;

namespace {

struct SoundCoding {
    AVCodecID id;
    int lead_in;  ///< silent samples before the run …
    int dropped;  ///< … and the coded frames that they make
};
/// By SoundCodec; see coding.cpp.
constexpr SoundCoding sound_codings[] = {
    {AV_CODEC_ID_MP2, 1152 - 241, 1}, {AV_CODEC_ID_AAC, 0, 0}, {AV_CODEC_ID_AC3, 0, 0}};

/// Constant rate factor of H.264 at quality 0; mean rate of MPEG-2 as a share of the highest.
constexpr double best_crf = 18, mean_share = 0.85;

void set_common(AVCodecContext& c, const StreamEncoderOptions& o) {
    const auto& k = o.coding;
    c.width = k.coded_width;
    c.height = k.height;
    c.pix_fmt = AV_PIX_FMT_YUV420P;
    c.time_base = {static_cast<int>(k.rate.den), static_cast<int>(k.rate.num)};
    c.framerate = {static_cast<int>(k.rate.num), static_cast<int>(k.rate.den)};
    av_reduce(&c.sample_aspect_ratio.num, &c.sample_aspect_ratio.den, k.width, k.coded_width, 1000);
    const bool standard_definition = k.height <= 576;
    c.colorspace = standard_definition ? AVCOL_SPC_BT470BG : AVCOL_SPC_BT709;
    c.color_primaries = standard_definition ? AVCOL_PRI_BT470BG : AVCOL_PRI_BT709;
    c.color_trc = standard_definition ? AVCOL_TRC_GAMMA28 : AVCOL_TRC_BT709;
    c.color_range = AVCOL_RANGE_MPEG;
    c.gop_size = k.gop;
    c.max_b_frames = 0;
    c.thread_count = 1;
    c.flags |= static_cast<int>(AV_CODEC_FLAG_CLOSED_GOP | AV_CODEC_FLAG_BITEXACT);
    if (k.interlaced) c.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    c.rc_max_rate = k.video_rate;
    c.rc_buffer_size = static_cast<int>(k.buffer_bits);
    c.rc_initial_buffer_occupancy =
        static_cast<int>(std::clamp<std::int64_t>(o.fullness_bits, k.buffer_bits / 10, k.buffer_bits));
}

void set_h264(AVCodecContext& c, const StreamEncoderOptions& o) {
    const auto gop = std::to_string(o.coding.gop);
    // stitchable: parameter sets do not depend on the content or the quality.
    std::string parameters =
        "open-gop=0:scenecut=0:keyint=" + gop + ":min-keyint=" + gop +
        ":bframes=0:stitchable=1:force-cfr=1:repeat-headers=1:aud=1:sync-lookahead=0:level=" +
        o.coding.level + ":rc-lookahead=" + (o.look_ahead ? gop : "5");
    if (o.coding.interlaced) parameters += ":tff=1";
    av_opt_set_double(c.priv_data, "crf", best_crf + o.quality, 0);
    av_opt_set(c.priv_data, "preset", "veryfast", 0);
    av_opt_set(c.priv_data, "profile", "high", 0);
    av_opt_set(c.priv_data, "x264-params", parameters.c_str(), 0);
}

void set_mpeg2(AVCodecContext& c, const StreamEncoderOptions& o) {
    c.bit_rate = static_cast<std::int64_t>(static_cast<double>(o.coding.video_rate) * mean_share *
                                           std::pow(0.9, o.quality));
    c.qmin = 2;
    av_opt_set_int(c.priv_data, "sc_threshold", 1'000'000'000, 0);
}

Handle<AVCodecContext> open_video(const StreamEncoderOptions& o) {
    const bool h264 = o.coding.video == VideoCodec::h264;
    const auto& codec = encoder_named(h264 ? "libx264" : "mpeg2video");
    auto context = made(avcodec_alloc_context3(&codec));
    set_common(*context, o);
    (h264 ? set_h264 : set_mpeg2)(*context, o);
    check(avcodec_open2(context.get(), &codec, nullptr), "opening the feed's picture encoder");
    return context;
}

/// Converts composed pictures to the coded format: its width, and BT.601 for standard definition.
class CodedFormat {
  public:
    explicit CodedFormat(const Coding& coding) : coding_(coding) {
        if (coding.width == coding.coded_width && coding.height > 576) return;
        sws_ = made(sws_getContext(coding.width, coding.height, AV_PIX_FMT_YUV420P, coding.coded_width,
                                   coding.height, AV_PIX_FMT_YUV420P,
                                   SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr,
                                   nullptr));
        sws_setColorspaceDetails(sws_.get(), sws_getCoefficients(SWS_CS_ITU709), 0,
                                 sws_getCoefficients(SWS_CS_ITU601), 0, 0, 1 << 16, 1 << 16);
    }
    [[nodiscard]] Handle<AVFrame> convert(const Picture& picture) const {
        auto frame = wrap(picture);
        if (sws_) {
            auto out = allocate_frame(coding_.coded_width, coding_.height, AV_PIX_FMT_YUV420P);
            sws_scale(sws_.get(), frame->data, frame->linesize, 0, coding_.height, out->data, out->linesize);
            frame = std::move(out);
        }
        frame->interlaced_frame = frame->top_field_first = coding_.interlaced;
        return frame;
    }

  private:
    const Coding& coding_;
    Handle<SwsContext> sws_;
};

Bytes bytes_of(const AVPacket& p) {
    return {p.data, p.data + p.size};
}

}  // namespace

struct StreamEncoder::State {
    State(const StreamEncoderOptions& o, OnVideo v, OnSound s)
        : coding(o.coding),
          sound_coding(sound_codings[static_cast<std::size_t>(o.coding.sound)]),
          on_video(std::move(v)),
          on_sound(std::move(s)),
          format(coding),
          video(open_video(o)),
          sound({sound_coding.id, o.coding.sound_rate, coding.sound == SoundCodec::aac, true}),
          to_drop(sound_coding.dropped) {
        const Samples silence(static_cast<std::size_t>(sound_coding.lead_in) * 2, 0.0F);
        sound.add(silence.data(), silence.size() / 2, to_sound());
    }
    OnPacket to_video() {
        return [this](AVPacket& p) {
            const std::span<const std::uint8_t> unit{p.data, static_cast<std::size_t>(p.size)};
            const bool key = p.flags & AV_PKT_FLAG_KEY;
            on_video(
                coding.video == VideoCodec::h264 && key ? bitstream::without_signature(unit) : bytes_of(p),
                key);
        };
    }
    OnPacket to_sound() {
        return [this](AVPacket& p) {
            if (to_drop > 0) {
                --to_drop;
                return;
            }
            // Sound frames that begin before the end are output; the ones that flushing adds are not.
            if (ending && sound_frames >= wanted()) return;
            ++sound_frames;
            on_sound(coding.sound == SoundCodec::aac
                         ? bitstream::with_adts({p.data, static_cast<std::size_t>(p.size)})
                         : bytes_of(p));
        };
    }
    [[nodiscard]] std::int64_t wanted() const {
        const auto size = sound_frame_samples(coding.sound);
        return (samples + size - 1) / size;
    }

    Coding coding;
    SoundCoding sound_coding;
    OnVideo on_video;
    OnSound on_sound;
    CodedFormat format;
    VideoEncoder video;
    AudioEncoder sound;
    int to_drop;
    std::int64_t samples = 0, sound_frames = 0;
    bool ending = false;
};

StreamEncoder::StreamEncoder(const StreamEncoderOptions& options, OnVideo on_video, OnSound on_sound) {
    av_log_set_level(AV_LOG_QUIET);
    state_ = std::make_unique<State>(options, std::move(on_video), std::move(on_sound));
}
StreamEncoder::~StreamEncoder() = default;

void StreamEncoder::add(const Picture& picture, std::span<const float> samples) {
    auto& s = *state_;
    assert(!s.ending && picture.width == s.coding.width && samples.size() % 2 == 0);
    s.samples += static_cast<std::int64_t>(samples.size() / 2);
    s.sound.add(samples.data(), samples.size() / 2, s.to_sound());
    s.video.add(*s.format.convert(picture), s.to_video());
}

void StreamEncoder::finish() {
    auto& s = *state_;
    s.ending = true;
    const Samples silence(static_cast<std::size_t>(sound_frame_samples(s.coding.sound)) * 4, 0.0F);
    s.sound.add(silence.data(), silence.size() / 2, s.to_sound());
    s.sound.finish(s.to_sound());
    s.video.finish(s.to_video());
}

}  // namespace riverlight::player
