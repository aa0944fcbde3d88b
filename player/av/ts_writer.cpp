#include "player/av/ts_writer.hpp"

#include <utility>

#include "player/av/encoder.hpp"

namespace riverlight::player {

using namespace av;

namespace {

/// How far packets run ahead of their time (the muxer starts its clock at this and stamps at twice this):
/// little less than the encoder's buffer of half a second.
constexpr std::int64_t mux_delay_us = 450'000;

}  // namespace

struct TsWriter::State {
    State(const TsOptions& o, Sink s)
        : options(o),
          sink(std::move(s)),
          video({o.width, o.height, o.frame_rate, o.video_bit_rate, 0,
                 static_cast<int>(o.frame_rate.num / o.frame_rate.den), 1, false, false}),
          audio({AV_CODEC_ID_MP2, o.audio_bit_rate, false, false}) {}

    TsOptions options;
    Sink sink;
    VideoEncoder video;
    AudioEncoder audio;
    std::unique_ptr<AVFormatContext, FreeOutput> format;
    AVStream *video_stream = nullptr, *audio_stream = nullptr;
    std::exception_ptr torn;  ///< what the sink threw, carried over libav's C frames

    static int on_bytes(void* opaque, std::uint8_t* bytes, int count) {
        auto& self = *static_cast<State*>(opaque);
        try {
            self.sink({bytes, static_cast<std::size_t>(count)});
            return count;
        } catch (...) {
            self.torn = std::current_exception();
            return AVERROR(EIO);
        }
    }

    AVStream* add_stream(const AVCodecContext& context) {
        auto* stream = avformat_new_stream(format.get(), nullptr);
        if (!stream) throw Error("libav has no memory for a stream");
        stream->time_base = context.time_base;
        check(avcodec_parameters_from_context(stream->codecpar, &context), "the feed");
        return stream;
    }

    void open() {
        AVFormatContext* raw = nullptr;
        check(avformat_alloc_output_context2(&raw, nullptr, "mpegts", nullptr), "the feed");
        format.reset(raw);
        constexpr int buffer = 188 * 7 * 8;
        raw->pb = avio_alloc_context(static_cast<unsigned char*>(av_malloc(buffer)), buffer, 1, this, nullptr,
                                     &State::on_bytes, nullptr);
        if (!raw->pb) throw Error("libav has no memory for the feed's buffer");
        raw->pb->seekable = 0;
        raw->flush_packets = 0;
        raw->max_delay = static_cast<int>(mux_delay_us);
        video_stream = add_stream(video.context());
        audio_stream = add_stream(audio.context());
        av_dict_set(&raw->metadata, "service_name", options.service.c_str(), 0);
        av_dict_set(&raw->metadata, "service_provider", options.provider.c_str(), 0);
        AVDictionary* mux = nullptr;
        av_dict_set_int(&mux, "muxrate", options.mux_rate, 0);
        av_dict_set(&mux, "pcr_period", "30", 0);
        av_dict_set(&mux, "pat_period", "0.09", 0);
        av_dict_set(&mux, "sdt_period", "0.45", 0);
        const int code = avformat_write_header(raw, &mux);
        av_dict_free(&mux);
        check(code, "the feed");
    }

    void write(AVPacket& packet, const AVCodecContext& from, AVStream& stream) {
        av_packet_rescale_ts(&packet, from.time_base, stream.time_base);
        packet.stream_index = stream.index;
        const int code = av_interleaved_write_frame(format.get(), &packet);
        if (torn) std::rethrow_exception(std::exchange(torn, nullptr));
        check(code, "multiplexing the feed");
    }
    OnPacket to_video() {
        return [this](AVPacket& p) { write(p, video.context(), *video_stream); };
    }
    OnPacket to_audio() {
        return [this](AVPacket& p) { write(p, audio.context(), *audio_stream); };
    }
};

TsWriter::TsWriter(const TsOptions& options, Sink sink) {
    av_log_set_level(AV_LOG_QUIET);
    state_ = std::make_unique<State>(options, std::move(sink));
    state_->open();
}

TsWriter::~TsWriter() {
    auto* io = state_->format ? state_->format->pb : nullptr;
    if (!io) return;
    av_freep(&io->buffer);
    avio_context_free(&state_->format->pb);
}

void TsWriter::add(const Picture& picture, std::span<const float> samples) {
    state_->audio.add(samples.data(), samples.size() / 2, state_->to_audio());
    state_->video.add(picture, state_->to_video());
}

void TsWriter::finish() {
    auto& s = *state_;
    s.audio.finish(s.to_audio());
    s.video.finish(s.to_video());
    check(av_write_trailer(s.format.get()), "finishing the feed");
    avio_flush(s.format->pb);
    if (s.torn) std::rethrow_exception(std::exchange(s.torn, nullptr));
}

}  // namespace riverlight::player
