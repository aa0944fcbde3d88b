#include "player/av/file_writer.hpp"

#include <cassert>
#include <optional>

#include "player/av/encoder.hpp"

namespace riverlight::player {

using namespace av;

struct FileWriter::State {
    std::string path;
    std::unique_ptr<AVFormatContext, FreeOutput> format;
    std::optional<VideoEncoder> video;
    std::optional<AudioEncoder> audio;
    AVStream *video_stream = nullptr, *audio_stream = nullptr;

    void write(AVPacket& packet, const AVCodecContext& from, AVStream& stream) {
        av_packet_rescale_ts(&packet, from.time_base, stream.time_base);
        packet.stream_index = stream.index;
        check(av_interleaved_write_frame(format.get(), &packet), "cannot write " + path);
    }
    OnPacket to_video() {
        return [this](AVPacket& p) { write(p, video->context(), *video_stream); };
    }
    OnPacket to_audio() {
        return [this](AVPacket& p) { write(p, audio->context(), *audio_stream); };
    }
    AVStream* add_stream(const AVCodecContext& context) {
        auto* stream = avformat_new_stream(format.get(), nullptr);
        if (!stream) throw Error("libav ran out of memory for a stream");
        stream->time_base = context.time_base;
        check(avcodec_parameters_from_context(stream->codecpar, &context), path);
        return stream;
    }
};

FileWriter::FileWriter(const std::string& path, const WriterOptions& options)
    : state_(std::make_unique<State>()) {
    av_log_set_level(AV_LOG_QUIET);
    auto& s = *state_;
    s.path = path;
    AVFormatContext* raw = nullptr;
    check(avformat_alloc_output_context2(&raw, nullptr, "mp4", path.c_str()), "cannot write " + path);
    s.format.reset(raw);
    if (options.deterministic) raw->flags |= AVFMT_FLAG_BITEXACT;
    const int gop = static_cast<int>(2 * options.frame_rate.num / options.frame_rate.den);
    if (options.picture) {
        s.video.emplace(VideoEncoding{options.width, options.height, options.frame_rate, options.codec,
                                      options.crf, options.max_video_rate, gop, options.deterministic ? 1 : 0,
                                      true, options.deterministic});
        s.video_stream = s.add_stream(s.video->context());
        // `hvc1` promises that the parameter sets are in the index only; libav's default, `hev1`, does not.
        if (options.codec == FileCodec::hevc) s.video_stream->codecpar->codec_tag = MKTAG('h', 'v', 'c', '1');
        s.video_stream->avg_frame_rate = s.video->context().framerate;
    }
    if (options.sound) {
        s.audio.emplace(AudioEncoding{AV_CODEC_ID_AAC, options.audio_bitrate, true, options.deterministic});
        s.audio_stream = s.add_stream(s.audio->context());
    }
    check(avio_open(&raw->pb, path.c_str(), AVIO_FLAG_WRITE), "cannot write " + path);
    AVDictionary* mux = nullptr;
    av_dict_set(&mux, "movflags", "+faststart", 0);
    const int code = avformat_write_header(raw, &mux);
    av_dict_free(&mux);
    check(code, "cannot write " + path);
}

FileWriter::~FileWriter() {
    if (state_ && state_->format && state_->format->pb) avio_closep(&state_->format->pb);
}
FileWriter::FileWriter(FileWriter&&) noexcept = default;

void FileWriter::add(const Picture& picture) {
    state_->video.value().add(picture, state_->to_video());
}

void FileWriter::add(const Samples& samples) {
    state_->audio.value().add(samples.data(), samples.size() / 2, state_->to_audio());
}

void FileWriter::finish() {
    auto& s = *state_;
    if (s.video) s.video->finish(s.to_video());
    if (s.audio) s.audio->finish(s.to_audio());
    check(av_write_trailer(s.format.get()), "cannot finish " + s.path);
    check(avio_closep(&s.format->pb), "cannot finish " + s.path);
}

}  // namespace riverlight::player
