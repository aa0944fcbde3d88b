#include "player/av/demuxer.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string_view>

#include "content/base/files.hpp"
#include "player/av/filter_chain.hpp"
#include "player/av/transparency.hpp"

namespace riverlight::player::av {
namespace {

constexpr const char* containers =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,wav,mp3,aac,flac,ogg,png_pipe,jpeg_pipe,image2,"
    "yuv4mpegpipe";
constexpr const char* still_image_containers = ",webp_pipe,bmp_pipe,tiff_pipe,gif_pipe,gif,apng";
constexpr const char* author_containers = ",asf,flv,aiff,w64,caf,dv,mxf,amr";
constexpr const char* remedy = "; export it as H.264 and AAC in MP4";
/// Most bytes of one stream to queue while the other is read.
constexpr std::size_t max_queued_bytes = 64U << 20;

/// Sound that begins earlier than the pictures by more than this, in seconds, is sound, and not the priming
/// of an encoder.
constexpr double longest_priming = 0.12;

constexpr std::size_t matrix_bytes = 9 * sizeof(std::int32_t);
/// The display matrix of the container; null: it has none.
const std::uint8_t* matrix_of(const AVStream& stream) {
    std::size_t bytes = 0;
    const auto* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, &bytes);
    return bytes >= matrix_bytes ? matrix : nullptr;
}

/// What stands at the joint of two MP3 files that were put one behind the other.
bool is_tag(const AVPacket& packet) {
    return packet.size > 10 && std::string_view(reinterpret_cast<const char*>(packet.data), 3) == "ID3";
}

/// libvpx decodes the alpha that WebM keeps beside the pictures of VP8 and VP9; libav's own decoders ignore
/// it. Null: the stream has none.
const AVCodec* decoder_of_alpha(const AVStream& stream) {
    const auto* mode = av_dict_get(stream.metadata, "alpha_mode", nullptr, 0);
    if (!mode || std::string_view(mode->value) != "1") return nullptr;
    if (stream.codecpar->codec_id == AV_CODEC_ID_VP8) return avcodec_find_decoder_by_name("libvpx");
    if (stream.codecpar->codec_id == AV_CODEC_ID_VP9) return avcodec_find_decoder_by_name("libvpx-vp9");
    return nullptr;
}

}  // namespace

Ratio Demuxer::seconds(std::int64_t timestamp, AVRational time_base) const {
    assert(timestamp != AV_NOPTS_VALUE && time_base.den > 0);
    return reduced(timestamp * time_base.num * origin_.den - origin_.num * time_base.den,
                   static_cast<std::int64_t>(time_base.den) * origin_.den);
}

Ratio Demuxer::seconds(std::int64_t timestamp, const Track& track) const {
    return seconds(timestamp, track.stream->time_base);
}

Demuxer::Demuxer(const std::string& path, Reader::Want want, const MediaLimits& limits,
                 HardwareDecoders* hardware)
    : path_(path), limits_(limits), hardware_(hardware), input_(path) {
    open_file();
    using Want = Reader::Want;
    streams_ = choose_streams(*format_, limits_);
    // Both also where the caller wants one of them: readers of picture and of sound stay in step.
    follower_.emplace(*format_, streams_);
    if (want != Want::sound) open_track(picture, streams_.picture);
    if (want != Want::picture) open_track(sound, streams_.sound);
    if (!picture.stream && !sound.stream)
        fail(want == Want::picture ? "has no picture"
             : want == Want::sound ? "has no sound"
                                   : "has neither picture nor sound");
    find_origin();
}

void Demuxer::fail(const std::string& why) {
    input_.finish();
    throw Error(path_ + ": " + why);
}

std::optional<MediaDamage> Demuxer::finish() {
    input_.finish();
    return input_.file().find_replacement();
}

void Demuxer::open_file() {
    AVDictionary* options = nullptr;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    const auto formats = std::string(containers) + (limits_.still_images ? still_image_containers : "") +
                         (limits_.author_formats ? author_containers : "");
    av_dict_set(&options, "format_whitelist", formats.c_str(), 0);
    av_dict_set(&options, "codec_whitelist", decoders_for(limits_).c_str(), 0);
    av_dict_set_int(&options, "max_streams", limits_.max_streams, 0);
    AVFormatContext* raw = input_.new_format();
    const auto code = avformat_open_input(&raw, ("file:" + path_).c_str(), nullptr, &options);
    av_dict_free(&options);
    if (code < 0)
        fail("is not a media file that Riverlight reads (" + reason(code) +
             "); use for example H.264 and AAC in MP4");
    format_.reset(raw);
    if (const int found = avformat_find_stream_info(raw, nullptr); found < 0)
        fail("its streams cannot be read: " + reason(found));
    input_.check();
    facts_.container = raw->iformat->name;
    // Without a length in the file libav guesses it from the first bits a second: no file is torn by that.
    const bool guessed = raw->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
    facts_.duration =
        std::chrono::microseconds{guessed || raw->duration == AV_NOPTS_VALUE ? 0 : raw->duration};
}

void Demuxer::find_origin() {
    auto* const raw = format_.get();
    const auto begin_of = [&](const AVStream* stream) -> std::optional<Ratio> {
        if (!stream || stream->start_time == AV_NOPTS_VALUE) return {};
        return seconds(stream->start_time, stream->time_base);
    };
    const auto at = [](Ratio time) { return static_cast<double>(time.num) / static_cast<double>(time.den); };
    const auto pictures = begin_of(streams_.picture), sounds = begin_of(streams_.sound);
    auto origin = pictures ? pictures : sounds;
    if (pictures && sounds && at(*sounds) + longest_priming < at(*pictures)) origin = sounds;
    if (!origin) return;
    const double before = raw->start_time == AV_NOPTS_VALUE
                              ? 0
                              : at(*origin) - static_cast<double>(raw->start_time) / AV_TIME_BASE;
    origin_ = *origin;
    const std::chrono::duration<double> whole = facts_.duration - std::chrono::duration<double>(before);
    facts_.duration =
        std::max(std::chrono::microseconds{}, std::chrono::round<std::chrono::microseconds>(whole));
    facts_.picture_end = declared_end(picture);
    facts_.sound_end = declared_end(sound);
}

/// From the origin; 0: the container does not say it of this stream.
std::chrono::microseconds Demuxer::declared_end(const Track& track) const {
    const auto* stream = track.stream;
    // MPEG-TS says nothing: libav estimates from the last timestamps.
    if (!stream || stream->duration == AV_NOPTS_VALUE || stream->start_time == AV_NOPTS_VALUE ||
        format_->duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
        return {};
    const auto end = seconds(stream->start_time + stream->duration, track);
    return std::chrono::microseconds{std::max<std::int64_t>(0, av_rescale(end.num, 1'000'000, end.den))};
}

void Demuxer::seek(Ratio at) {
    assert(pictures_ == 0 && at.den > 0);
    constexpr std::int64_t preroll_ms = 200;  // a sound decoder needs some frames to settle
    sought_ = at;
    const auto ms = at.num * 1000 / at.den - preroll_ms;
    const std::string_view name = format_->iformat->name;
    if (ms <= 0 || !(name.starts_with("mov,") || name.starts_with("matroska,"))) return;
    const auto* index = picture.stream ? picture.stream : sound.stream;
    const auto from = reduced(ms * origin_.den + 1000 * origin_.num, 1000 * origin_.den);
    // Where the seek fails, the file is read from its beginning.
    static_cast<void>(av_seek_frame(
        format_.get(), index->index,
        av_rescale(from.num, index->time_base.den, from.den * index->time_base.num), AVSEEK_FLAG_BACKWARD));
}

void Demuxer::open_track(Track& track, AVStream* stream) {
    if (!stream) return;
    const auto* p = stream->codecpar;
    const auto type = p->codec_type;
    const std::string what = type == AVMEDIA_TYPE_VIDEO ? "picture" : "sound";
    const auto* codec = avcodec_find_decoder(p->codec_id);
    if (const auto* other = decoder_of_alpha(*stream)) codec = other;
    if (!codec || !is_allowed(*codec, limits_))
        fail("its " + what + " is coded as " + avcodec_get_name(p->codec_id) +
             ", which Riverlight does not read" + remedy);
    const std::string_view container = format_->iformat->name;
    const bool still = container == "image2" || container.ends_with("_pipe");
    if (still) limits_.max_pixels = std::max(limits_.max_pixels, limits_.max_still_pixels);
    if (type == AVMEDIA_TYPE_VIDEO && static_cast<std::int64_t>(p->width) * p->height > limits_.max_pixels)
        fail("its picture is " + std::to_string(p->width) + "×" + std::to_string(p->height) +
             ", larger than the limit");
    if (hardware_ && type == AVMEDIA_TYPE_VIDEO) track.decoder = hardware_->open(*stream, limits_);
    if (!track.decoder)
        track.decoder = open_software_decoder(*codec, *stream, limits_,
                                              path_ + ": its " + codec->name + " cannot be decoded here");
    track.stream = stream;
    stream->discard = AVDISCARD_DEFAULT;
    if (type == AVMEDIA_TYPE_VIDEO) {
        facts_.video_codec = codec->name;
        set_picture_facts(*stream);
        if (container == "avi") display_times_.emplace(p->video_delay);
    } else {
        facts_.audio_codec = codec->name;
        facts_.audio_rate = p->sample_rate;
        facts_.audio_channels = p->ch_layout.nb_channels;
    }
}

void Demuxer::set_picture_facts(const AVStream& stream) {
    auto* changeable = const_cast<AVStream*>(&stream);  // libav 5.1 takes non-const pointers here
    PictureFormat format;
    format.width = stream.codecpar->width;
    format.height = stream.codecpar->height;
    format.orientation = orientation_of(matrix_of(stream));
    format.set_sample_aspect(av_guess_sample_aspect_ratio(format_.get(), changeable, nullptr));
    const auto size = format.display_size();
    facts_.width = size.width;
    facts_.height = size.height;
    const auto rate = av_guess_frame_rate(format_.get(), changeable, nullptr);
    if (rate.num > 0 && rate.den > 0) facts_.frame_rate = {rate.num, rate.den};
}

/// Reads packets until `track` has one; false at the end of the file.
bool Demuxer::fill_queue(Track& track) {
    while (track.queued.empty() && !at_end_) {
        auto packet = new_packet();
        const int code = av_read_frame(format_.get(), packet.get());
        input_.check();
        if (code == AVERROR_EOF) {
            input_.finish();
            at_end_ = true;
            break;
        }
        if (code < 0) fail("cannot be read further: " + reason(code));
        if (is_cut_short(*packet)) {
            ends_within_a_piece_ = true;
            continue;
        }
        if (on_packet_) on_packet_();
        for (auto& each : follower_->follow(std::move(packet))) queue_packet(std::move(each));
        if (follower_->clock_jumped()) facts_.duration = {};
    }
    return !track.queued.empty();
}

/// What is left of the last packet of a file that was cut off: it would be shown as a damaged picture. Of
/// uncompressed sound, in containers that were written to a pipe, it is what the file ends with.
bool Demuxer::is_cut_short(const AVPacket& packet) const {
    const auto codec = format_->streams[packet.stream_index]->codecpar->codec_id;
    return (packet.flags & AV_PKT_FLAG_CORRUPT) && avio_feof(format_->pb) &&
           av_get_exact_bits_per_sample(codec) == 0;
}

void Demuxer::queue_packet(Handle<AVPacket> packet) {
    const auto type = format_->streams[packet->stream_index]->codecpar->codec_type;
    auto& track = type == AVMEDIA_TYPE_VIDEO ? picture : sound;
    if (!track.stream) return;
    if (software_ && &track == &picture) return;  // it reads them itself
    track.queued_bytes += static_cast<std::size_t>(packet->size);
    if (track.queued_bytes > max_queued_bytes) fail("its picture and sound are too far apart; mux it again");
    track.queued.push_back(std::move(packet));
}

/// Where the track goes on in another stream, and the decoder has returned all of the one before.
bool Demuxer::enter_next_stream(Track& track) {
    if (!track.drained || track.queued.empty()) return false;
    const auto first = facts_;
    track.decoder.reset();
    open_track(track, format_->streams[track.queued.front()->stream_index]);
    facts_ = first;
    track.drained = false;
    return true;
}

Handle<AVFrame> Demuxer::next(Track& track) {
    assert(track.decoder);
    auto frame = new_frame();
    while (!track.ended) {
        const int code = track.decoder->receive(frame.get());
        if (code == 0) {
            if ((frame->flags & AV_FRAME_FLAG_CORRUPT) || frame->decode_error_flags) ++corrupt_;
            return frame;
        }
        if (code == AVERROR_EOF) {
            if (enter_next_stream(track)) continue;
            track.ended = true;
            break;
        }
        if (code != AVERROR(EAGAIN)) {
            if (uses_hardware(track)) {
                hardware_failed_ = true;
                return nullptr;
            }
            ++corrupt_;  // a damaged frame; later ones may be intact
            continue;
        }
        if (track.drained) {
            if (enter_next_stream(track)) continue;
            track.ended = true;
            break;
        }
        if (!fill_queue(track) || track.queued.front()->stream_index != track.stream->index) {
            static_cast<void>(track.decoder->send(nullptr));
            track.drained = true;
            continue;
        }
        const auto packet = std::move(track.queued.front());
        track.queued.pop_front();
        track.queued_bytes -= static_cast<std::size_t>(packet->size);
        if (display_times_ && &track == &picture && packet->dts != AV_NOPTS_VALUE)
            display_times_->add_packet(packet->dts);
        if (track.decoder->send(packet.get()) >= 0) continue;
        if (uses_hardware(track)) {
            hardware_failed_ = true;
            return nullptr;
        }
        corrupt_ += !is_tag(*packet);
    }
    return nullptr;
}

std::string Demuxer::hardware() const {
    return picture.decoder && !software_ ? picture.decoder->hardware() : std::string();
}

/// Opens the file again with a software decoder; returns the picture after the last one, found by its pts.
Handle<AVFrame> Demuxer::switch_to_software() {
    assert(hardware_ && !software_);
    failed_hardware_ = picture.decoder->hardware();
    hardware_->exclude(failed_hardware_);
    software_ = std::make_unique<Demuxer>(path_, Reader::Want::picture, limits_);
    software_->on_packet(on_packet_);
    picture.queued.clear();
    picture.queued_bytes = 0;
    software_->seek(last_pts_ ? seconds(*last_pts_, picture) : sought_);
    for (;;) {
        auto frame = software_->next_picture();
        if (!frame || !last_pts_ || frame->pts > *last_pts_) return frame;
    }
}

/// Of the last picture, in its stream's time base.
std::int64_t Demuxer::duration_in_stream() const {
    const auto rate = facts_.frame_rate;
    // A field of an interlaced stream may count as a picture: then the rate says how long both last.
    const auto usual = rate.num > 0
                           ? av_rescale_q(1, {static_cast<int>(rate.den), static_cast<int>(rate.num)},
                                          picture.stream->time_base)
                           : 0;
    return std::max(last_duration_, usual);
}

Ratio Demuxer::pictures_end() const {
    if (software_) return software_->pictures_end();
    if (!last_pts_) return {};
    return seconds(*last_pts_ + duration_in_stream(), picture);
}

Ratio Demuxer::picture_duration() const {
    if (software_) return software_->picture_duration();
    if (!last_pts_) return {};
    const auto base = picture.stream->time_base;
    return reduced(duration_in_stream() * base.num, base.den);
}

/// The presentation time of the next picture, in the time base of its stream.
std::int64_t Demuxer::time_of(const AVFrame& frame) {
    const auto rate = facts_.frame_rate;
    const AVRational picture_time{static_cast<int>(rate.den), static_cast<int>(rate.num)};
    const auto of_pictures = [&](std::int64_t count) {
        return rate.num > 0 ? av_rescale_q(count, picture_time, picture.stream->time_base) : count;
    };
    if (display_times_) {
        const auto known = frame.reordered_opaque != AV_NOPTS_VALUE;
        return display_times_->take(known ? std::optional(frame.reordered_opaque) : std::nullopt,
                                    of_pictures(1));
    }
    return frame.best_effort_timestamp != AV_NOPTS_VALUE ? frame.best_effort_timestamp
                                                         : of_pictures(pictures_);
}

Handle<AVFrame> Demuxer::next_picture() {
    if (software_) return software_->next_picture();
    auto frame = next(picture);
    if (hardware_failed_ || (!frame && pictures_ == 0 && uses_hardware(picture))) return switch_to_software();
    if (!frame) {
        if (pictures_ == 0) fail("none of its pictures can be decoded; it is damaged or cut off");
        return frame;
    }
    frame->pts = time_of(*frame);
    ++pictures_;
    last_pts_ = frame->pts;
    last_duration_ = frame->pkt_duration;
    add_container_facts(*frame);
    return may_be_transparent(*frame) ? composed(*frame, limits_.background) : std::move(frame);
}

/// Adds the orientation (phones) and the sample aspect ratio (DVDs) that only the container has.
void Demuxer::add_container_facts(AVFrame& frame) const {
    frame.sample_aspect_ratio = av_guess_sample_aspect_ratio(format_.get(), picture.stream, &frame);
    const auto* matrix = matrix_of(*picture.stream);
    if (!matrix || av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX)) return;
    auto* copy = av_frame_new_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX, matrix_bytes);
    if (!copy) throw Error("libav ran out of memory");
    std::memcpy(copy->data, matrix, matrix_bytes);
}

}  // namespace riverlight::player::av
