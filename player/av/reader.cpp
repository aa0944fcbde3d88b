#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <utility>

#include "content/base/files.hpp"
#include "player/av/handles.hpp"

extern "C" {
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

namespace riverlight::player {
namespace {

using namespace av;

constexpr const char* containers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,wav,mp3,aac,flac,ogg,png_pipe,jpeg_pipe,image2,"
    "yuv4mpegpipe";
constexpr const char* codecs =
    "h264,hevc,mpeg1video,mpeg2video,mpeg4,vp8,vp9,av1,libdav1d,mjpeg,png,ffv1,rawvideo,prores,aac,ac3,eac3,"
    "mp2,mp2float,mp3,"
    "mp3float,opus,libopus,vorbis,flac,alac,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8";
/// Packets of one stream that wait while the other is read.
constexpr std::size_t most_waiting_bytes = 64U << 20;
constexpr std::int64_t longest_gap = std::int64_t{sample_rate} * 600;

Ratio reduced(std::int64_t num, std::int64_t den) {
    const auto divisor = std::gcd(num, den);
    return divisor > 1 ? Ratio{num / divisor, den / divisor} : Ratio{num, den};
}

/// ts × base − start, exact.
Ratio seconds_of(std::int64_t ts, AVRational base, Ratio start) {
    return reduced(ts * base.num * start.den - start.num * base.den,
                   static_cast<std::int64_t>(base.den) * start.den);
}

/// One stream of the file with its decoder and the packets that wait for it.
struct Track {
    AVStream* stream = nullptr;
    Handle<AVCodecContext> decoder;
    std::deque<Handle<AVPacket>> waiting;
    std::size_t waiting_bytes = 0;
    bool drained = false;  ///< the decoder was told that nothing more comes
    bool ended = false;    ///< and gave out its last
};

}  // namespace

struct Reader::State {
    std::string path;
    Handle<AVFormatContext> format;
    StreamFacts facts;
    MediaLimits limits;
    Picking picking;
    Track picture, sound;
    Ratio start{0, 1};
    bool at_end = false;
    std::int64_t corrupt = 0;

    // picture
    int width = 0, height = 0;
    Handle<AVFilterGraph> graph;
    AVFilterContext *graph_in = nullptr, *graph_out = nullptr;
    int graph_width = 0, graph_height = 0, graph_format = -1;
    bool graph_interlaced = false, graph_flushed = false;
    std::int64_t pictures = 0;
    Handle<AVFrame> held;  ///< decoded, until the next one tells whether any outlet frame shows it
    int passed_over = 0;

    // sound
    Handle<SwrContext> resampler;
    std::int64_t expected_in = 0;  ///< input sample that should come next, from the common start
    bool sound_begun = false, sounding = false, flushed = false;

    void open(Want want);
    void enter();
    [[nodiscard]] Ratio entry() const;
    void open_track(Track& track, AVMediaType type);
    bool feed(Track& track);
    Handle<AVFrame> decoded(Track& track);
    Handle<AVFrame> decoded_picture();
    Handle<AVFrame> wanted_picture();
    [[nodiscard]] bool shown(const AVFrame& frame, const AVFrame& next) const;
    void configure(const AVFrame& frame);
    std::string filters(const AVFrame& frame) const;
    std::optional<VideoFrame> filtered();
    Samples resampled(const AVFrame* frame);
    void open_resampler(const AVFrame& frame);
    [[noreturn]] void fail(const std::string& why) const { throw Error(path + ": " + why); }
};

void Reader::State::open(Want want) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) fail("cannot be opened: " + system_reason(errno));
    if (!S_ISREG(about.st_mode)) fail("is no regular file; name a media file");
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", containers, 0);
    av_dict_set(&options, "codec_whitelist", codecs, 0);
    av_dict_set_int(&options, "max_streams", limits.max_streams, 0);
    AVFormatContext* raw = nullptr;
    const auto code = avformat_open_input(&raw, ("file:" + path).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (code < 0)
        fail("is no media file that Riverlight reads (" + reason(code) +
             "); use for example H.264 and AAC in MP4");
    format.reset(raw);
    if (const int found = avformat_find_stream_info(raw, nullptr); found < 0)
        fail("its streams cannot be read: " + reason(found));
    facts.container = raw->iformat->name;
    facts.duration = std::chrono::microseconds{raw->duration == AV_NOPTS_VALUE ? 0 : raw->duration};
    if (want != Want::sound) open_track(picture, AVMEDIA_TYPE_VIDEO);
    if (want != Want::picture) open_track(sound, AVMEDIA_TYPE_AUDIO);
    if (!picture.stream && !sound.stream)
        fail(want == Want::picture ? "holds no picture"
             : want == Want::sound ? "holds no sound"
                                   : "holds neither picture nor sound");
    // The first picture is the origin: it meets its outlet frame exactly, and sound that lies before it is
    // what an encoder put there to start up. That holds where only the sound is wanted, too; a file of sound
    // alone begins where it begins.
    const int film = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    const bool has_film =
        film >= 0 && !(raw->streams[film]->disposition & AV_DISPOSITION_ATTACHED_PIC);  // a cover is no film
    const auto* origin = has_film ? raw->streams[film] : sound.stream;
    if (origin && origin->start_time != AV_NOPTS_VALUE)
        start = seconds_of(origin->start_time, origin->time_base, {0, 1});
    enter();
}

/// Where this reader begins, in seconds from the file's origin.
Ratio Reader::State::entry() const {
    return picking.from_the_beginning() ? Ratio{}
                                        : reduced(picking.first * picking.rate.den, picking.rate.num);
}

/// Goes near the entry where the file's index leads there: to the picture that can be decoded alone before
/// it, with room for a sound decoder to settle. What lies between is dropped on the way; without an index,
/// all of it.
void Reader::State::enter() {
    constexpr std::int64_t settle_ms = 200;
    const auto at = entry();
    const auto ms = at.num * 1000 / at.den - settle_ms;
    const std::string_view name = format->iformat->name;
    if (ms <= 0 || !(name.starts_with("mov,") || name.starts_with("matroska,"))) return;
    const auto* by = picture.stream ? picture.stream : sound.stream;
    const auto from = reduced(ms * start.den + 1000 * start.num, 1000 * start.den);
    // A file that cannot be entered there is read from its beginning.
    static_cast<void>(av_seek_frame(format.get(), by->index,
                                    av_rescale(from.num, by->time_base.den, from.den * by->time_base.num),
                                    AVSEEK_FLAG_BACKWARD));
}

void Reader::State::open_track(Track& track, AVMediaType type) {
    const AVCodec* codec = nullptr;
    const int index = av_find_best_stream(format.get(), type, -1, -1, &codec, 0);
    if (index == AVERROR_STREAM_NOT_FOUND) return;
    if (index < 0)
        fail("its " + std::string(av_get_media_type_string(type)) +
             " is of a kind that cannot be decoded: " + reason(index));
    auto* stream = format->streams[index];
    const auto* p = stream->codecpar;
    if (type == AVMEDIA_TYPE_VIDEO && (stream->disposition & AV_DISPOSITION_ATTACHED_PIC))
        return;  // a cover, not a film
    if (type == AVMEDIA_TYPE_VIDEO && static_cast<std::int64_t>(p->width) * p->height > limits.max_pixels)
        fail("its picture is " + std::to_string(p->width) + "×" + std::to_string(p->height) +
             ", larger than this player takes");
    track.decoder = made(avcodec_alloc_context3(codec));
    check(avcodec_parameters_to_context(track.decoder.get(), p), path);
    track.decoder->pkt_timebase = stream->time_base;
    track.decoder->max_pixels = limits.max_pixels;
    // A second thread holds a second set of pictures; only what is larger or faster than a segment needs it.
    const auto a_second = av_q2d(stream->avg_frame_rate);
    const bool demanding = type == AVMEDIA_TYPE_VIDEO &&
                           (static_cast<std::int64_t>(p->width) * p->height > 1280LL * 720 || a_second > 31);
    track.decoder->thread_count = demanding ? 2 : 1;
    AVDictionary* options = nullptr;
    av_dict_set(&options, "codec_whitelist", codecs, 0);
    const int code = avcodec_open2(track.decoder.get(), codec, &options);
    av_dict_free(&options);
    if (code < 0) fail("its " + std::string(codec->name) + " cannot be decoded here: " + reason(code));
    track.stream = stream;
    stream->discard = AVDISCARD_DEFAULT;
    if (type == AVMEDIA_TYPE_VIDEO) {
        facts.video_codec = codec->name;
        facts.width = p->width;
        facts.height = p->height;
        const auto rate = av_guess_frame_rate(format.get(), stream, nullptr);
        if (rate.num > 0 && rate.den > 0) facts.frame_rate = {rate.num, rate.den};
    } else {
        facts.audio_codec = codec->name;
        facts.audio_rate = p->sample_rate;
        facts.audio_channels = p->ch_layout.nb_channels;
    }
}

/// Reads packets until one for `track` waits; false at the end of the file.
bool Reader::State::feed(Track& track) {
    while (track.waiting.empty() && !at_end) {
        auto packet = new_packet();
        const int code = av_read_frame(format.get(), packet.get());
        if (code == AVERROR_EOF) {
            at_end = true;
            break;
        }
        if (code < 0) fail("cannot be read on: " + reason(code));
        for (auto* one : {&picture, &sound}) {
            if (!one->stream || packet->stream_index != one->stream->index) continue;
            one->waiting_bytes += static_cast<std::size_t>(packet->size);
            if (one->waiting_bytes > most_waiting_bytes)
                fail("picture and sound lie too far apart in it; mux it again");
            one->waiting.push_back(std::move(packet));
            break;
        }
    }
    return !track.waiting.empty();
}

/// The next decoded frame; null at the end.
Handle<AVFrame> Reader::State::decoded(Track& track) {
    auto frame = new_frame();
    while (!track.ended) {
        const int code = avcodec_receive_frame(track.decoder.get(), frame.get());
        if (code == 0) {
            if ((frame->flags & AV_FRAME_FLAG_CORRUPT) || frame->decode_error_flags) ++corrupt;
            return frame;
        }
        if (code == AVERROR_EOF) {
            track.ended = true;
            break;
        }
        if (code != AVERROR(EAGAIN)) {
            ++corrupt;  // a damaged frame; what follows it may be whole
            continue;
        }
        if (track.drained) {
            track.ended = true;
            break;
        }
        if (!feed(track)) {
            avcodec_send_packet(track.decoder.get(), nullptr);
            track.drained = true;
            continue;
        }
        const auto packet = std::move(track.waiting.front());
        track.waiting.pop_front();
        track.waiting_bytes -= static_cast<std::size_t>(packet->size);
        if (avcodec_send_packet(track.decoder.get(), packet.get()) < 0) ++corrupt;
    }
    return nullptr;
}

/// Deinterlacing, rotation, scaling into the canvas and padding: what this frame needs, in libavfilter's
/// words.
std::string Reader::State::filters(const AVFrame& frame) const {
    std::string chain;
    if (frame.interlaced_frame) chain += "bwdif=mode=send_frame:deint=all,";
    int w = frame.width, h = frame.height;
    auto sar = frame.sample_aspect_ratio.num > 0 ? frame.sample_aspect_ratio : AVRational{1, 1};
    if (const auto* matrix = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX)) {
        const auto turn =
            static_cast<int>(std::lround(
                -av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix->data)) / 90)) &
            3;
        static constexpr const char* turns[] = {"", "transpose=clock,", "hflip,vflip,", "transpose=cclock,"};
        chain += turns[turn];
        if (turn & 1) {
            std::swap(w, h);
            std::swap(sar.num, sar.den);
        }
    }
    const int to_width = width > 0 ? width : (w + 1) & ~1, to_height = height > 0 ? height : (h + 1) & ~1;
    // Display size by the pixel's aspect, fitted inside the canvas on even numbers.
    const double aspect = double(w) * sar.num / (double(h) * sar.den);
    int fit_width = to_width, fit_height = to_height;
    if (width > 0) {
        if (aspect * to_height > to_width) {
            fit_height = static_cast<int>(std::lround(to_width / aspect / 2)) * 2;
        } else {
            fit_width = static_cast<int>(std::lround(to_height * aspect / 2)) * 2;
        }
        // Within two pixels of the canvas is the canvas: no hairline bars from rounding.
        if (std::abs(fit_width - to_width) <= 2) fit_width = to_width;
        if (std::abs(fit_height - to_height) <= 2) fit_height = to_height;
    }
    const bool hd = frame.height >= 720;
    const bool bt709 =
        frame.colorspace == AVCOL_SPC_BT709 || (frame.colorspace == AVCOL_SPC_UNSPECIFIED && hd);
    const bool limited = frame.color_range != AVCOL_RANGE_JPEG && frame.format != AV_PIX_FMT_YUVJ420P;
    const bool as_is =
        w == fit_width && h == fit_height && bt709 && limited && frame.format == AV_PIX_FMT_YUV420P;
    if (!as_is) {
        const auto* descriptor = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
        const bool rgb = descriptor && (descriptor->flags & AV_PIX_FMT_FLAG_RGB);
        chain += "scale=" + std::to_string(fit_width) + ':' + std::to_string(fit_height) + ":flags=bicubic";
        // swscale changes matrices by way of RGB; the colorspace filter does it in one step, for a third of
        // the time.
        if (!rgb) chain += std::string(":in_range=") + (limited ? "tv" : "pc");
        chain += rgb ? ":out_color_matrix=bt709" : ":in_color_matrix=bt709:out_color_matrix=bt709";
        chain += ":out_range=tv,format=yuv420p,";
        if (!rgb && !bt709)
            chain +=
                "colorspace=space=bt709:trc=bt709:primaries=bt709:range=tv:ispace=smpte170m:itrc=bt709:"
                "iprimaries=bt709:irange=tv:fast=1,";
    }
    if (fit_width != to_width || fit_height != to_height)
        chain += "pad=" + std::to_string(to_width) + ':' + std::to_string(to_height) +
                 ":(ow-iw)/2:(oh-ih)/2:black,";
    return chain + "setsar=1,format=yuv420p";
}

void Reader::State::configure(const AVFrame& frame) {
    graph = made(avfilter_graph_alloc());
    graph->nb_threads = 1;
    const auto base = picture.stream->time_base;
    const auto sar = frame.sample_aspect_ratio.num > 0 ? frame.sample_aspect_ratio : AVRational{1, 1};
    char args[256];
    std::snprintf(args, sizeof args, "video_size=%dx%d:pix_fmt=%d:time_base=%d/%d:pixel_aspect=%d/%d",
                  frame.width, frame.height, frame.format, base.num, base.den, sar.num, sar.den);
    check(avfilter_graph_create_filter(&graph_in, avfilter_get_by_name("buffer"), "in", args, nullptr,
                                       graph.get()),
          path);
    check(avfilter_graph_create_filter(&graph_out, avfilter_get_by_name("buffersink"), "out", nullptr,
                                       nullptr, graph.get()),
          path);
    auto* outputs = avfilter_inout_alloc();
    auto* inputs = avfilter_inout_alloc();
    outputs->name = av_strdup("in");
    outputs->filter_ctx = graph_in;
    inputs->name = av_strdup("out");
    inputs->filter_ctx = graph_out;
    const int code =
        avfilter_graph_parse_ptr(graph.get(), filters(frame).c_str(), &inputs, &outputs, nullptr);
    avfilter_inout_free(&inputs);
    avfilter_inout_free(&outputs);
    check(code, path);
    check(avfilter_graph_config(graph.get(), nullptr), path);
    graph_width = frame.width;
    graph_height = frame.height;
    graph_format = frame.format;
    graph_interlaced = frame.interlaced_frame;
    graph_flushed = false;
}

std::optional<Reader::VideoFrame> Reader::State::filtered() {
    if (!graph) return {};
    auto out = new_frame();
    const int code = av_buffersink_get_frame(graph_out, out.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    check(code, path);
    const auto base = av_buffersink_get_time_base(graph_out);
    return VideoFrame{seconds_of(out->pts, base, start), copy_picture(*out), std::exchange(passed_over, 0)};
}

/// The next decoded picture, with its time; null at the end.
Handle<AVFrame> Reader::State::decoded_picture() {
    auto frame = decoded(picture);
    if (!frame) return frame;
    frame->pts = frame->best_effort_timestamp;
    if (frame->pts == AV_NOPTS_VALUE) {
        const AVRational a_picture{static_cast<int>(facts.frame_rate.den),
                                   static_cast<int>(facts.frame_rate.num)};
        frame->pts = facts.frame_rate.num > 0 ? av_rescale_q(pictures, a_picture, picture.stream->time_base)
                                              : pictures;
    }
    ++pictures;
    return frame;
}

/// Whether any outlet frame shows `frame`, which `next` follows. A deinterlacer looks at every picture.
bool Reader::State::shown(const AVFrame& frame, const AVFrame& next) const {
    if (frame.interlaced_frame || graph_interlaced) return true;
    const auto frame_of = [&](const AVFrame& f) {
        return picking.frame_of(seconds_of(f.pts, picture.stream->time_base, start));
    };
    const auto until = frame_of(next);
    return frame_of(frame) < until && until > picking.first;
}

/// The next picture to convert; null at the end.
Handle<AVFrame> Reader::State::wanted_picture() {
    if (picking.rate.num == 0) return decoded_picture();
    if (!held) held = decoded_picture();
    while (held) {
        auto next = decoded_picture();
        const bool wanted = !next || shown(*held, *next);
        auto done = std::exchange(held, std::move(next));
        if (wanted) return done;
        passed_over +=
            picking.frame_of(seconds_of(done->pts, picture.stream->time_base, start)) >= picking.first;
    }
    return nullptr;
}

std::optional<Reader::VideoFrame> Reader::next_picture() {
    auto& s = *state_;
    if (!s.picture.stream) return {};
    for (;;) {
        if (auto done = s.filtered()) return done;
        if (s.picture.ended && !s.held && s.graph_flushed) return {};
        auto frame = s.wanted_picture();
        if (!frame) {
            if (!s.graph) {
                if (s.pictures == 0) s.fail("no picture of it can be decoded; it is broken or cut off");
                return {};
            }
            if (s.graph_flushed) return {};
            check(av_buffersrc_add_frame(s.graph_in, nullptr), s.path);
            s.graph_flushed = true;
            continue;
        }
        const bool changed = frame->width != s.graph_width || frame->height != s.graph_height ||
                             frame->format != s.graph_format ||
                             (frame->interlaced_frame && !s.graph_interlaced);
        if (!s.graph || changed) s.configure(*frame);
        check(av_buffersrc_add_frame(s.graph_in, frame.get()), s.path);
    }
}

void Reader::State::open_resampler(const AVFrame& frame) {
    AVChannelLayout stereo = AV_CHANNEL_LAYOUT_STEREO;
    auto from = frame.ch_layout;  // libav 5.1 asks for pointers to what it does not change
    SwrContext* raw = nullptr;
    check(swr_alloc_set_opts2(&raw, &stereo, AV_SAMPLE_FMT_FLT, sample_rate, &from,
                              static_cast<AVSampleFormat>(frame.format), frame.sample_rate, 0, nullptr),
          path);
    resampler.reset(raw);
    check(swr_init(raw), path);
}

/// Converts a frame, or with null what the resampler still holds.
Samples Reader::State::resampled(const AVFrame* frame) {
    const int in = frame ? frame->nb_samples : 0;
    const int room = swr_get_out_samples(resampler.get(), in);
    Samples out(static_cast<std::size_t>(std::max(room, 0)) * 2);
    auto* into = reinterpret_cast<std::uint8_t*>(out.data());
    const int got =
        check(swr_convert(resampler.get(), &into, room,
                          frame ? const_cast<const std::uint8_t**>(frame->extended_data) : nullptr, in),
              path);
    out.resize(static_cast<std::size_t>(got) * 2);
    return out;
}

Samples Reader::next_samples() {
    auto& s = *state_;
    if (!s.sound.stream) return {};
    for (;;) {
        const auto frame = s.decoded(s.sound);
        if (!frame) {
            if (!s.resampler || std::exchange(s.flushed, true)) return {};
            return s.resampled(nullptr);
        }
        if (frame->nb_samples == 0) continue;
        if (!s.resampler) s.open_resampler(*frame);
        const int rate = frame->sample_rate;
        if (!std::exchange(s.sound_begun, true))
            s.expected_in = av_rescale(s.entry().num, rate, s.entry().den);
        std::int64_t here = s.expected_in;
        if (frame->best_effort_timestamp != AV_NOPTS_VALUE) {
            const auto at = seconds_of(frame->best_effort_timestamp, s.sound.stream->time_base, s.start);
            here = av_rescale(at.num, rate, at.den);
        }
        // Containers round their times; only what is off by more than 10 ms is a gap or an overlap. The
        // beginning is met to the sample.
        const auto gap = here - s.expected_in;
        const auto slack = s.sounding ? rate / 100 : 0;
        if (gap > slack && gap < longest_gap) {
            check(swr_inject_silence(s.resampler.get(), static_cast<int>(gap)), s.path);
            s.expected_in += gap;
        } else if (gap < -slack) {
            const auto cut = std::min<std::int64_t>(-gap, frame->nb_samples);
            if (cut == frame->nb_samples) continue;
            check(swr_drop_output(s.resampler.get(), static_cast<int>(av_rescale(cut, sample_rate, rate))),
                  s.path);
            s.expected_in -= cut;
        }
        s.sounding = true;
        s.expected_in += frame->nb_samples;
        auto out = s.resampled(frame.get());
        if (!out.empty()) return out;
    }
}

std::int64_t Picking::frame_of(Ratio pts) const {
    // A picture is due at frame n where pts × rate ≤ n + 2/5; the least such n.
    const auto above = 5 * pts.num * rate.num - 2 * pts.den * rate.den, below = 5 * pts.den * rate.den;
    return above / below + (above % below > 0);
}

Reader::Reader(const std::string& path, Want want, int width, int height, const Picking& picking,
               const MediaLimits& limits)
    : state_(std::make_unique<State>()) {
    av_log_set_level(AV_LOG_QUIET);  // what goes wrong is said by exceptions and counters
    state_->path = path;
    state_->limits = limits;
    state_->picking = picking;
    state_->width = width;
    state_->height = height;
    state_->open(want);
}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

const StreamFacts& Reader::facts() const {
    return state_->facts;
}

std::int64_t Reader::corrupt() const {
    return state_->corrupt;
}

}  // namespace riverlight::player
