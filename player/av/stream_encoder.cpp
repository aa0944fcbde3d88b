#include <algorithm>
#include <cmath>

#include "player/av/bitstream.hpp"
#include "player/av/encoder.hpp"

extern "C" {
#include <libavutil/opt.h>
}

namespace riverlight::player {

using namespace av;

namespace {

struct SoundFacts {
    AVCodecID id;
    int samples, advance;
    int lead_in, dropped;  ///< silent samples before the run, and the frames that they make
};
/// By SoundCodec. Layer II: the two filter banks delay by 481 samples, half of it in each; a cut between
/// frames is heard half way, so a frame stands for the samples 240 after those it decodes to (ISO/IEC
/// 11172-3, C.1.3). AAC and AC-3: a frame's window begins one overlap before it, so the first frame of a run
/// holds the run's whole beginning and the run before it fades out over one overlap.
constexpr SoundFacts sound_facts[] = {{AV_CODEC_ID_MP2, 1152, 240, 1152 - 241, 1},
                                      {AV_CODEC_ID_AAC, 1024, 1024, 0, 0},
                                      {AV_CODEC_ID_AC3, 1536, 256, 0, 0}};

const SoundFacts& facts_of(SoundCodec codec) {
    return sound_facts[static_cast<std::size_t>(codec)];
}

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
    // stitchable: parameter sets that do not depend on what is encoded or how well.
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

/// Composed pictures as they are coded: another width, BT.601 for standard definition.
class Shaper {
  public:
    explicit Shaper(const Coding& coding) : coding_(coding) {
        if (coding.width == coding.coded_width && coding.height > 576) return;
        sws_ = made(sws_getContext(coding.width, coding.height, AV_PIX_FMT_YUV420P, coding.coded_width,
                                   coding.height, AV_PIX_FMT_YUV420P,
                                   SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT, nullptr, nullptr,
                                   nullptr));
        sws_setColorspaceDetails(sws_.get(), sws_getCoefficients(SWS_CS_ITU709), 0,
                                 sws_getCoefficients(SWS_CS_ITU601), 0, 0, 1 << 16, 1 << 16);
    }
    [[nodiscard]] Handle<AVFrame> shape(const Picture& picture) const {
        auto frame = borrow(picture);
        if (sws_) {
            auto out = new_frame();
            out->format = AV_PIX_FMT_YUV420P;
            out->width = coding_.coded_width;
            out->height = coding_.height;
            check(av_frame_get_buffer(out.get(), 0), "a picture's buffer");
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

int sound_frame_samples(SoundCodec codec) {
    return facts_of(codec).samples;
}

int sound_advance(SoundCodec codec) {
    return facts_of(codec).advance;
}

struct StreamEncoder::State {
    State(const StreamEncoderOptions& o, OnVideo v, OnSound s)
        : coding(o.coding),
          facts(facts_of(o.coding.sound)),
          on_video(std::move(v)),
          on_sound(std::move(s)),
          shaper(coding),
          video(open_video(o)),
          sound({facts.id, o.coding.sound_rate, coding.sound == SoundCodec::aac, true}),
          to_drop(facts.dropped) {
        const Samples silence(static_cast<std::size_t>(facts.lead_in) * 2, 0.0F);
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
            // Unknown until the end how many there are: the ones begun are given out, what flushing adds is
            // not.
            if (ending && sound_frames >= wanted()) return;
            ++sound_frames;
            on_sound(coding.sound == SoundCodec::aac
                         ? bitstream::with_adts({p.data, static_cast<std::size_t>(p.size)})
                         : bytes_of(p));
        };
    }
    [[nodiscard]] std::int64_t wanted() const { return (samples + facts.samples - 1) / facts.samples; }

    Coding coding;
    SoundFacts facts;
    OnVideo on_video;
    OnSound on_sound;
    Shaper shaper;
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
    s.samples += static_cast<std::int64_t>(samples.size() / 2);
    s.sound.add(samples.data(), samples.size() / 2, s.to_sound());
    s.video.add(*s.shaper.shape(picture), s.to_video());
}

void StreamEncoder::finish() {
    auto& s = *state_;
    s.ending = true;
    const Samples silence(static_cast<std::size_t>(s.facts.samples) * 4, 0.0F);
    s.sound.add(silence.data(), silence.size() / 2, s.to_sound());
    s.sound.finish(s.to_sound());
    s.video.finish(s.to_video());
}

std::optional<Picture> decode_key(std::span<const std::uint8_t> access_unit, const Coding& coding) {
    const auto* codec =
        avcodec_find_decoder(coding.video == VideoCodec::h264 ? AV_CODEC_ID_H264 : AV_CODEC_ID_MPEG2VIDEO);
    if (!codec) return {};
    const auto context = made(avcodec_alloc_context3(codec));
    context->thread_count = 1;
    auto packet = new_packet();
    auto frame = new_frame();
    const auto size = static_cast<int>(access_unit.size());
    if (avcodec_open2(context.get(), codec, nullptr) < 0 || av_new_packet(packet.get(), size) < 0) return {};
    std::copy(access_unit.begin(), access_unit.end(), packet->data);
    if (avcodec_send_packet(context.get(), packet.get()) < 0) return {};
    avcodec_send_packet(context.get(), nullptr);
    if (avcodec_receive_frame(context.get(), frame.get()) < 0 || frame->format != AV_PIX_FMT_YUV420P)
        return {};
    return copy_picture(*frame);
}

}  // namespace riverlight::player
