#include "player/av/coded_file.hpp"

#include <cassert>
#include <deque>
#include <utility>

#include "player/av/bitstream.hpp"
#include "player/av/file_input.hpp"
#include "player/av/handles.hpp"
#include "player/av/samples.hpp"

namespace riverlight::player {

using namespace av;

namespace {

constexpr AVCodecID sound_ids[] = {AV_CODEC_ID_MP2, AV_CODEC_ID_AAC, AV_CODEC_ID_AC3};
constexpr AVCodecID video_ids[] = {AV_CODEC_ID_H264, AV_CODEC_ID_MPEG2VIDEO};
/// Larger than any access unit of a feed, which must fit into the decoder's buffer.
constexpr int max_packet = 4 << 20;
constexpr std::uint8_t aac_lc_48k_stereo[] = {0x11, 0x90};  // AudioSpecificConfig, ISO/IEC 14496-3, 1.6.2.1

AVCodecID id_of(SoundCodec codec) {
    return sound_ids[static_cast<std::size_t>(codec)];
}
AVCodecID id_of(VideoCodec codec) {
    return video_ids[static_cast<std::size_t>(codec)];
}

std::int64_t samples_a_frame(const Coding& c) {
    return sample_rate * c.rate.den / c.rate.num;
}

void set_extradata(AVCodecParameters& p, std::span<const std::uint8_t> bytes) {
    p.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
    if (!p.extradata) throw Error("libav ran out of memory for a file's header");
    std::copy(bytes.begin(), bytes.end(), p.extradata);
    p.extradata_size = static_cast<int>(bytes.size());
}

}  // namespace

struct CodedWriter::State {
    std::string path;
    Coding coding;
    std::unique_ptr<AVFormatContext, FreeOutput> format;
    AVStream *video = nullptr, *sound = nullptr;
    std::int64_t frames = 0, sound_frames = 0;

    AVStream* add_stream(AVRational base) const {
        auto* stream = avformat_new_stream(format.get(), nullptr);
        if (!stream) throw Error("libav ran out of memory for a stream");
        stream->time_base = base;
        return stream;
    }
    void open(const Bytes& first) {
        video = add_stream({static_cast<int>(coding.rate.den), static_cast<int>(coding.rate.num)});
        video->avg_frame_rate = {static_cast<int>(coding.rate.num), static_cast<int>(coding.rate.den)};
        auto& v = *video->codecpar;
        v.codec_type = AVMEDIA_TYPE_VIDEO;
        v.codec_id = id_of(coding.video);
        v.width = coding.coded_width;
        v.height = coding.height;
        av_reduce(&v.sample_aspect_ratio.num, &v.sample_aspect_ratio.den, coding.width, coding.coded_width,
                  1000);
        video->sample_aspect_ratio = v.sample_aspect_ratio;
        if (coding.video == VideoCodec::h264) set_extradata(v, bitstream::parameter_sets(first));
        sound = add_stream({1, sample_rate});
        auto& a = *sound->codecpar;
        a.codec_type = AVMEDIA_TYPE_AUDIO;
        a.codec_id = id_of(coding.sound);
        a.sample_rate = sample_rate;
        a.frame_size = sound_frame_samples(coding.sound);
        a.bit_rate = coding.sound_rate;
        const AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
        check(av_channel_layout_copy(&a.ch_layout, &stereo), "stereo");
        if (coding.sound == SoundCodec::aac) set_extradata(a, aac_lc_48k_stereo);
        AVDictionary* options = nullptr;
        av_dict_set(&options, "movflags", "+faststart", 0);
        const int code = avformat_write_header(format.get(), &options);
        av_dict_free(&options);
        check(code, "cannot write " + path);
    }
    void write(std::span<const std::uint8_t> bytes, const AVStream& stream, std::int64_t at, AVRational base,
               std::int64_t duration, bool key) const {
        const auto packet = new_packet();
        check(av_new_packet(packet.get(), static_cast<int>(bytes.size())), "cannot write " + path);
        std::copy(bytes.begin(), bytes.end(), packet->data);
        packet->stream_index = stream.index;
        packet->pts = packet->dts = at;
        packet->duration = duration;
        if (key) packet->flags |= AV_PKT_FLAG_KEY;
        av_packet_rescale_ts(packet.get(), base, stream.time_base);
        check(av_interleaved_write_frame(format.get(), packet.get()), "cannot write " + path);
    }
};

CodedWriter::CodedWriter(const std::string& path, const Coding& coding) : state_(std::make_unique<State>()) {
    av_log_set_level(AV_LOG_QUIET);
    auto& s = *state_;
    s.path = path;
    s.coding = coding;
    AVFormatContext* raw = nullptr;
    check(avformat_alloc_output_context2(&raw, nullptr, "mp4", path.c_str()), "cannot write " + path);
    s.format.reset(raw);
    raw->flags |= AVFMT_FLAG_BITEXACT;
    check(avio_open(&raw->pb, path.c_str(), AVIO_FLAG_WRITE), "cannot write " + path);
}
CodedWriter::~CodedWriter() {
    if (state_->format && state_->format->pb) avio_closep(&state_->format->pb);
}

void CodedWriter::add(const CodedFrame& frame) {
    auto& s = *state_;
    if (!s.video) s.open(frame.video);
    assert(s.frames > 0 || frame.key);
    const auto& rate = s.coding.rate;
    s.write(frame.video, *s.video, s.frames++, {static_cast<int>(rate.den), static_cast<int>(rate.num)}, 1,
            frame.key);
    const auto size = sound_frame_samples(s.coding.sound);
    for (const auto& unit : frame.sound) {
        std::span<const std::uint8_t> bytes(unit);
        if (s.coding.sound == SoundCodec::aac) bytes = bytes.subspan(bitstream::adts_size);
        s.write(bytes, *s.sound, size * s.sound_frames++, {1, sample_rate}, size, true);
    }
}

void CodedWriter::finish() {
    auto& s = *state_;
    if (!s.video) throw Error("cannot finish " + s.path + ": it has no frames");
    check(av_write_trailer(s.format.get()), "cannot finish " + s.path);
    check(avio_closep(&s.format->pb), "cannot finish " + s.path);
}

struct CodedReader::State {
    std::string path;
    Coding coding;
    FileInput input;
    Handle<AVFormatContext> format{};
    Handle<AVPacket> packet = new_packet();
    int video = -1, sound = -1;
    std::deque<std::pair<Bytes, bool>> pictures;
    std::deque<Bytes> sounds;
    std::int64_t frames = 0, sound_frames = 0;
    bool ended = false;

    State(const std::string& file, const Coding& of) : path(file), coding(of), input(file) {}

    /// Throws MediaFileError where the file is damaged, else Error.
    [[noreturn]] void refuse(const std::string& why) {
        input.finish();
        throw Error(path + ": " + why);
    }

    void find_streams() {
        for (unsigned i = 0; i < format->nb_streams; ++i) {
            const auto& p = *format->streams[i]->codecpar;
            if (p.codec_type == AVMEDIA_TYPE_VIDEO) video = static_cast<int>(i);
            if (p.codec_type == AVMEDIA_TYPE_AUDIO) sound = static_cast<int>(i);
        }
        if (video < 0 || sound < 0 || format->nb_streams != 2)
            refuse("a rendition has one picture stream and one sound stream");
        const auto& v = *format->streams[video]->codecpar;
        const auto& a = *format->streams[sound]->codecpar;
        // MP4 uses one number for Layers II and III; read() checks the header of each frame.
        const auto sound_id = a.codec_id == AV_CODEC_ID_MP3 ? AV_CODEC_ID_MP2 : a.codec_id;
        if (v.codec_id != id_of(coding.video) || sound_id != id_of(coding.sound))
            refuse("is coded as " + std::string(avcodec_get_name(v.codec_id)) + " and " +
                   avcodec_get_name(a.codec_id) + ", the feed as " + avcodec_get_name(id_of(coding.video)) +
                   " and " + avcodec_get_name(id_of(coding.sound)));
        if (v.width != coding.coded_width || v.height != coding.height)
            refuse("has pictures of " + std::to_string(v.width) + "×" + std::to_string(v.height) +
                   ", the feed of " + std::to_string(coding.coded_width) + "×" +
                   std::to_string(coding.height));
        if (a.sample_rate != sample_rate) refuse("has a sound rate other than 48 kHz");
    }
    /// False at the end of the file.
    bool read() {
        const int code = av_read_frame(format.get(), packet.get());
        input.check();
        if (code == AVERROR_EOF) {
            input.finish();
            return false;
        }
        if (code < 0) refuse("is damaged: " + reason(code));
        if (packet->size <= 0 || packet->size > max_packet)
            refuse("is damaged: a frame has an impossible size");
        Bytes bytes(packet->data, packet->data + packet->size);
        if (packet->stream_index == sound) {
            const bool layer_2 = bytes.size() > 4 && bytes[0] == 0xff && (bytes[1] & 0xfe) == 0xfc;
            if (coding.sound == SoundCodec::mp2 && !layer_2) refuse("has sound that is not MPEG-1 Layer II");
            sounds.push_back(coding.sound == SoundCodec::aac ? bitstream::with_adts(bytes)
                                                             : std::move(bytes));
        } else {
            if (packet->flags & AV_PKT_FLAG_CORRUPT) refuse("is damaged");
            if (coding.video == VideoCodec::h264 && !bitstream::to_start_codes(bytes))
                refuse("is damaged: the lengths of a picture's units do not match");
            if (packet->pts != packet->dts) refuse("has pictures that are not shown in coded order");
            pictures.emplace_back(std::move(bytes), packet->flags & AV_PKT_FLAG_KEY);
        }
        av_packet_unref(packet.get());
        return true;
    }
    /// Sound frames that begin before frame n ends.
    [[nodiscard]] std::int64_t sound_until(std::int64_t n) const {
        const auto size = sound_frame_samples(coding.sound);
        return ((n + 1) * samples_a_frame(coding) + size - 1) / size;
    }
};

CodedReader::CodedReader(const std::string& path, const Coding& coding)
    : state_(std::make_unique<State>(path, coding)) {
    av_log_set_level(AV_LOG_QUIET);
    auto& s = *state_;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2", 0);
    av_dict_set(&options, "ignore_editlist", "1", 0);
    AVFormatContext* raw = s.input.new_format();
    const int code = avformat_open_input(&raw, ("file:" + path).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (code < 0) s.refuse(reason(code));
    s.format.reset(raw);
    s.find_streams();
}
CodedReader::~CodedReader() = default;

std::optional<MediaDamage> CodedReader::finish() {
    state_->input.finish();
    return state_->input.file().find_replacement();
}

std::optional<CodedFrame> CodedReader::next() {
    auto& s = *state_;
    const auto wanted = static_cast<std::size_t>(s.sound_until(s.frames) - s.sound_frames);
    while (!s.ended && (s.pictures.empty() || s.sounds.size() < wanted)) s.ended = !s.read();
    if (s.pictures.empty()) {
        if (!s.sounds.empty()) s.refuse("its sound is longer than its pictures");
        return {};
    }
    if (s.sounds.size() < wanted) s.refuse("its sound is shorter than its pictures; it is damaged");
    CodedFrame frame{std::move(s.pictures.front().first), s.pictures.front().second, {}};
    s.pictures.pop_front();
    for (std::size_t i = 0; i < wanted; ++i) {
        frame.sound.push_back(std::move(s.sounds.front()));
        s.sounds.pop_front();
    }
    s.sound_frames += static_cast<std::int64_t>(wanted);
    ++s.frames;
    return frame;
}

}  // namespace riverlight::player
