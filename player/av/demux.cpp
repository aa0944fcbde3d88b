#include "player/av/demux.hpp"

#include <sys/stat.h>

#include <cstring>
#include <numeric>
#include <string_view>

#include "content/base/files.hpp"
#include "player/av/look.hpp"

namespace riverlight::player::av {
namespace {

constexpr const char* containers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,wav,mp3,aac,flac,ogg,png_pipe,jpeg_pipe,image2,"
    "yuv4mpegpipe";
/// Packets of one stream that wait while the other is read.
constexpr std::size_t most_waiting_bytes = 64U << 20;

constexpr std::size_t matrix_bytes = 9 * sizeof(std::int32_t);
/// How the container says that its pictures lie; null: it does not.
const std::uint8_t* matrix_of(const AVStream& stream) {
    std::size_t bytes = 0;
    const auto* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
    return bytes >= matrix_bytes ? matrix : nullptr;
}

}  // namespace

Ratio reduced(std::int64_t num, std::int64_t den) {
    const auto divisor = std::gcd(num, den);
    return divisor > 1 ? Ratio{num / divisor, den / divisor} : Ratio{num, den};
}

Ratio Demux::seconds(std::int64_t ts, AVRational base) const {
    return reduced(ts * base.num * origin_.den - origin_.num * base.den,
                   static_cast<std::int64_t>(base.den) * origin_.den);
}

Ratio Demux::seconds(std::int64_t ts, const Track& track) const {
    return seconds(ts, track.stream->time_base);
}

Demux::Demux(const std::string& path, Reader::Want want, const MediaLimits& limits, Machine* machine)
    : path_(path), limits_(limits), machine_(machine) {
    open_file();
    using Want = Reader::Want;
    if (want != Want::sound) open_track(picture, AVMEDIA_TYPE_VIDEO);
    if (want != Want::picture) open_track(sound, AVMEDIA_TYPE_AUDIO);
    if (!picture.stream && !sound.stream)
        fail(want == Want::picture ? "holds no picture"
             : want == Want::sound ? "holds no sound"
                                   : "holds neither picture nor sound");
    find_origin();
}

void Demux::open_file() {
    struct stat about {};
    if (::stat(path_.c_str(), &about) != 0) fail("cannot be opened: " + system_reason(errno));
    if (!S_ISREG(about.st_mode)) fail("is no regular file; name a media file");
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", containers, 0);
    av_dict_set(&options, "codec_whitelist", decoders_allowed, 0);
    av_dict_set_int(&options, "max_streams", limits_.max_streams, 0);
    AVFormatContext* raw = nullptr;
    const auto code = avformat_open_input(&raw, ("file:" + path_).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (code < 0)
        fail("is no media file that Riverlight reads (" + reason(code) +
             "); use for example H.264 and AAC in MP4");
    format_.reset(raw);
    if (const int found = avformat_find_stream_info(raw, nullptr); found < 0)
        fail("its streams cannot be read: " + reason(found));
    facts_.container = raw->iformat->name;
    facts_.duration = std::chrono::microseconds{raw->duration == AV_NOPTS_VALUE ? 0 : raw->duration};
}

void Demux::find_origin() {
    auto* const raw = format_.get();
    // The first picture is the origin: it meets its outlet frame exactly, and sound that lies before it is
    // what an encoder put there to start up. That holds where only the sound is wanted, too; a file of sound
    // alone begins where it begins.
    const int film = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    const bool has_film =
        film >= 0 && !(raw->streams[film]->disposition & AV_DISPOSITION_ATTACHED_PIC);  // a cover is no film
    const auto* origin = has_film ? raw->streams[film] : sound.stream;
    if (origin && origin->start_time != AV_NOPTS_VALUE)
        origin_ = seconds(origin->start_time, origin->time_base);
}

void Demux::enter(Ratio at) {
    constexpr std::int64_t settle_ms = 200;  // for a sound decoder
    entered_ = at;
    const auto ms = at.num * 1000 / at.den - settle_ms;
    const std::string_view name = format_->iformat->name;
    if (ms <= 0 || !(name.starts_with("mov,") || name.starts_with("matroska,"))) return;
    const auto* by = picture.stream ? picture.stream : sound.stream;
    const auto from = reduced(ms * origin_.den + 1000 * origin_.num, 1000 * origin_.den);
    // A file that cannot be entered there is read from its beginning.
    static_cast<void>(av_seek_frame(format_.get(), by->index,
                                    av_rescale(from.num, by->time_base.den, from.den * by->time_base.num),
                                    AVSEEK_FLAG_BACKWARD));
}

void Demux::open_track(Track& track, AVMediaType type) {
    const AVCodec* codec = nullptr;
    const int index = av_find_best_stream(format_.get(), type, -1, -1, &codec, 0);
    if (index == AVERROR_STREAM_NOT_FOUND) return;
    if (index < 0)
        fail("its " + std::string(av_get_media_type_string(type)) +
             " is of a kind that cannot be decoded: " + reason(index));
    auto* stream = format_->streams[index];
    const auto* p = stream->codecpar;
    if (type == AVMEDIA_TYPE_VIDEO && (stream->disposition & AV_DISPOSITION_ATTACHED_PIC))
        return;  // a cover, not a film
    if (type == AVMEDIA_TYPE_VIDEO && static_cast<std::int64_t>(p->width) * p->height > limits_.max_pixels)
        fail("its picture is " + std::to_string(p->width) + "×" + std::to_string(p->height) +
             ", larger than this player takes");
    if (machine_ && type == AVMEDIA_TYPE_VIDEO) track.decoder = machine_->open(*stream, limits_);
    if (!track.decoder)
        track.decoder =
            own_decoder(*codec, *stream, limits_, path_ + ": its " + codec->name + " cannot be decoded here");
    track.stream = stream;
    stream->discard = AVDISCARD_DEFAULT;
    if (type == AVMEDIA_TYPE_VIDEO) {
        facts_.video_codec = codec->name;
        Look look;
        look.width = p->width;
        look.height = p->height;
        look.stance = stance_of(matrix_of(*stream));
        look.set_pixel(av_guess_sample_aspect_ratio(format_.get(), stream, nullptr));
        facts_.width = look.own_size().width;
        facts_.height = look.own_size().height;
        const auto rate = av_guess_frame_rate(format_.get(), stream, nullptr);
        if (rate.num > 0 && rate.den > 0) facts_.frame_rate = {rate.num, rate.den};
    } else {
        facts_.audio_codec = codec->name;
        facts_.audio_rate = p->sample_rate;
        facts_.audio_channels = p->ch_layout.nb_channels;
    }
}

/// Reads packets until one for `track` waits; false at the end of the file.
bool Demux::feed(Track& track) {
    while (track.waiting.empty() && !at_end_) {
        auto packet = new_packet();
        const int code = av_read_frame(format_.get(), packet.get());
        if (code == AVERROR_EOF) {
            at_end_ = true;
            break;
        }
        if (code < 0) fail("cannot be read on: " + reason(code));
        keep(std::move(packet));
    }
    return !track.waiting.empty();
}

void Demux::keep(Handle<AVPacket> packet) {
    for (auto* track : {&picture, &sound}) {
        if (!track->stream || packet->stream_index != track->stream->index) continue;
        if (instead_ && track == &picture) return;  // read there
        track->waiting_bytes += static_cast<std::size_t>(packet->size);
        if (track->waiting_bytes > most_waiting_bytes)
            fail("picture and sound lie too far apart in it; mux it again");
        track->waiting.push_back(std::move(packet));
        return;
    }
}

Handle<AVFrame> Demux::next(Track& track) {
    auto frame = new_frame();
    while (!track.ended) {
        const int code = track.decoder->receive(frame.get());
        if (code == 0) {
            if ((frame->flags & AV_FRAME_FLAG_CORRUPT) || frame->decode_error_flags) ++corrupt_;
            return frame;
        }
        if (code == AVERROR_EOF) {
            track.ended = true;
            break;
        }
        if (code != AVERROR(EAGAIN)) {
            if (by_machine(track)) return broke_down();
            ++corrupt_;  // a damaged frame; what follows it may be whole
            continue;
        }
        if (track.drained) {
            track.ended = true;
            break;
        }
        if (!feed(track)) {
            static_cast<void>(track.decoder->send(nullptr));
            track.drained = true;
            continue;
        }
        const auto packet = std::move(track.waiting.front());
        track.waiting.pop_front();
        track.waiting_bytes -= static_cast<std::size_t>(packet->size);
        if (track.decoder->send(packet.get()) >= 0) continue;
        if (by_machine(track)) return broke_down();
        ++corrupt_;
    }
    return nullptr;
}

std::string Demux::machine() const {
    return picture.decoder && !instead_ ? picture.decoder->machine() : std::string();
}

Handle<AVFrame> Demux::broke_down() {
    broke_down_ = true;
    return nullptr;
}

/// libav's own decoder from the picture that is next, found by its time.
Handle<AVFrame> Demux::without_machine() {
    given_up_ = picture.decoder->machine();
    machine_->distrust(given_up_);
    instead_ = std::make_unique<Demux>(path_, Reader::Want::picture, limits_);
    picture.waiting.clear();
    picture.waiting_bytes = 0;
    instead_->enter(last_pts_ ? seconds(*last_pts_, picture) : entered_);
    for (;;) {
        auto frame = instead_->next_picture();
        if (!frame || !last_pts_ || frame->pts > *last_pts_) return frame;
    }
}

Handle<AVFrame> Demux::next_picture() {
    if (instead_) return instead_->next_picture();
    auto frame = next(picture);
    if (broke_down_ || (!frame && pictures_ == 0 && by_machine(picture))) return without_machine();
    if (!frame) {
        if (pictures_ == 0) fail("no picture of it can be decoded; it is broken or cut off");
        return frame;
    }
    frame->pts = frame->best_effort_timestamp;
    if (frame->pts == AV_NOPTS_VALUE) {
        const auto rate = facts_.frame_rate;
        const AVRational a_picture{static_cast<int>(rate.den), static_cast<int>(rate.num)};
        frame->pts = rate.num > 0 ? av_rescale_q(pictures_, a_picture, picture.stream->time_base) : pictures_;
    }
    ++pictures_;
    last_pts_ = frame->pts;
    complete(*frame);
    return frame;
}

/// With what the container says of its pictures: many a phone's lie on their side, many a DVD's are wider
/// than their pixels.
void Demux::complete(AVFrame& frame) const {
    frame.sample_aspect_ratio = av_guess_sample_aspect_ratio(format_.get(), picture.stream, &frame);
    const auto* matrix = matrix_of(*picture.stream);
    if (!matrix || av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX)) return;
    auto* copy = av_frame_new_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX, matrix_bytes);
    if (!copy) throw Error("libav has no memory for what it is asked");
    std::memcpy(copy->data, matrix, matrix_bytes);
}

}  // namespace riverlight::player::av
