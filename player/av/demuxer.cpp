#include "player/av/demuxer.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cassert>
#include <string_view>

#include "content/base/files.hpp"
#include "player/av/container_facts.hpp"
#include "player/av/exact.hpp"
#include "player/av/image_orientation.hpp"
#include "player/av/open_format.hpp"
#include "player/av/plausible_times.hpp"
#include "player/av/transparency.hpp"

namespace riverlight::player::av {
namespace {

constexpr const char* remedy = "; export it as H.264 and AAC in MP4";
constexpr AVRational microseconds_base{1, AV_TIME_BASE};  // AV_TIME_BASE_Q is no C++
/// Most bytes of one stream to queue while the other is read.
constexpr std::size_t max_queued_bytes = 64U << 20;

/// Sound that begins earlier than the pictures by more than this, in seconds, is sound, and not the priming
/// of an encoder.
constexpr double longest_priming = 0.12;

/// What stands at the joint of two MP3 files that were put one behind the other.
bool is_tag(const AVPacket& packet) {
    return packet.size > 10 && std::string_view(reinterpret_cast<const char*>(packet.data), 3) == "ID3";
}

/// Each part of a file has streams of its own (FileInput).
void mark_stream(AVPacket& packet, const AVFormatContext& format) {
    packet.opaque = format.streams[packet.stream_index];
}
AVStream* stream_of(const AVPacket& packet) {
    return static_cast<AVStream*>(packet.opaque);
}

}  // namespace

Ratio Demuxer::seconds(std::int64_t timestamp, AVRational time_base) const {
    assert(timestamp != AV_NOPTS_VALUE && time_base.den > 0);
    return reduced_wide(Wide{timestamp} * time_base.num * origin_.den - Wide{origin_.num} * time_base.den,
                        Wide{time_base.den} * origin_.den);
}

Ratio Demuxer::seconds(std::int64_t timestamp, const Track& track) const {
    if (!avi_times_ || &track == &picture) return seconds(timestamp, track.stream->time_base);
    const auto time = avi_times_->time_of(timestamp, *track.stream);
    return seconds(time.num, {1, static_cast<int>(time.den)});
}

Demuxer::Demuxer(const std::string& path, Reader::Want want, const MediaLimits& limits,
                 HardwareDecoders* hardware)
    : path_(path), limits_(limits), hardware_(hardware), input_(path) {
    open_file();
    using Want = Reader::Want;
    streams_ = choose_streams(*format_, limits_);
    if (streams_.picture) set_orientation(*streams_.picture, orientation_in(input_.file()));
    // Both also where the caller wants one of them: readers of picture and of sound stay in step.
    follower_.emplace(*format_, streams_);
    avi_times_ = AviTimes::of(input_.file(), *format_, streams_);
    edit_times_ = EditTimes::of(input_.file(), *format_, streams_);
    if (want != Want::sound) choose_track(picture, streams_.picture);
    if (want != Want::picture) choose_track(sound, streams_.sound);
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
    format_ = open_format(input_, limits_);
    const auto* const raw = format_.get();
    facts_.container = raw->iformat->name;
    // Without a length in the file libav guesses it from the first bits a second: no file is torn by that.
    const bool guessed = raw->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE || input_.has_parts();
    facts_.duration = std::chrono::microseconds{
        guessed || !is_plausible(raw->duration, microseconds_base) ? 0 : raw->duration};
}

void Demuxer::find_origin() {
    auto* const raw = format_.get();
    const auto begin_of = [&](const AVStream* stream) -> std::optional<Ratio> {
        if (!stream || !is_plausible(stream->start_time, stream->time_base)) return {};
        if (avi_times_) return avi_times_->begin_of(*stream);
        return seconds(stream->start_time + (edit_times_ ? edit_times_->late(*stream) : 0),
                       stream->time_base);
    };
    const auto at = [](Ratio time) { return static_cast<double>(time.num) / static_cast<double>(time.den); };
    const auto pictures = begin_of(streams_.picture), sounds = begin_of(streams_.sound);
    auto origin = pictures ? pictures : sounds;
    if (pictures && sounds && at(*sounds) + longest_priming < at(*pictures)) origin = sounds;
    if (!origin) return;
    const double before = is_plausible(raw->start_time, microseconds_base)
                              ? at(*origin) - static_cast<double>(raw->start_time) / AV_TIME_BASE
                              : 0;
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
    if (!stream || !is_plausible(stream->duration, stream->time_base) ||
        !is_plausible(stream->start_time, stream->time_base) ||
        format_->duration_estimation_method != AVFMT_DURATION_FROM_STREAM)
        return {};
    const auto start = avi_times_ ? avi_times_->start_of(*stream) : stream->start_time;
    const auto end = seconds(start + stream->duration, track);
    return std::chrono::microseconds{std::max<std::int64_t>(0, av_rescale(end.num, 1'000'000, end.den))};
}

void Demuxer::seek(Ratio at) {
    assert((!picture_times_ || picture_times_->count() == 0) && at.den > 0);
    constexpr std::int64_t preroll_ms = 200;  // a sound decoder needs some frames to settle
    sought_ = at;
    const auto ms = at.num * 1000 / at.den - preroll_ms;
    const std::string_view name = format_->iformat->name;
    if (ms <= 0 || !(name.starts_with("mov,") || name.starts_with("matroska,"))) return;
    const auto* index = picture.stream ? picture.stream : sound.stream;
    const auto from =
        reduced_wide(Wide{ms} * origin_.den + Wide{1000} * origin_.num, Wide{1000} * origin_.den);
    // Where the seek fails, the file is read from its beginning.
    static_cast<void>(av_seek_frame(
        format_.get(), index->index,
        av_rescale(from.num, index->time_base.den, from.den * index->time_base.num), AVSEEK_FLAG_BACKWARD));
}

void Demuxer::choose_track(Track& track, AVStream* stream) {
    if (!stream) return;
    const auto& p = *stream->codecpar;
    open_track(track, stream);
    const std::string codec = decoder_for(*stream)->name;
    if (p.codec_type == AVMEDIA_TYPE_VIDEO) {
        facts_.video_codec = codec;
        const auto size = declared_format(*format_, *stream).display_size();
        facts_.width = size.width;
        facts_.height = size.height;
        facts_.frame_rate = declared_rate(*format_, *stream);
        picture_times_.emplace(*format_, *stream, facts_.frame_rate);
    } else {
        facts_.audio_codec = codec;
        facts_.audio_rate = p.sample_rate;
        facts_.audio_channels = p.ch_layout.nb_channels;
        sound_times_ = SoundTimes::of(*format_);
    }
}

void Demuxer::open_track(Track& track, AVStream* stream) {
    const auto* p = stream->codecpar;
    const bool is_picture = &track == &picture;
    const std::string what = is_picture ? "picture" : "sound";
    const auto* codec = decoder_for(*stream);
    if (!codec || !is_allowed(*codec, limits_))
        fail("its " + what + " is coded as " + avcodec_get_name(p->codec_id) +
             ", which Riverlight does not read" + remedy);
    limits_.max_pixels = most_pixels(*format_, limits_);
    if (is_picture && static_cast<std::int64_t>(p->width) * p->height > limits_.max_pixels)
        throw TooLarge(path_, p->width, p->height, limits_.max_pixels);
    if (hardware_ && is_picture) track.decoder = hardware_->open(*stream, limits_);
    if (!track.decoder)
        track.decoder = open_software_decoder(*codec, *stream, limits_,
                                              path_ + ": its " + codec->name + " cannot be decoded here");
    track.stream = stream;
    stream->discard = AVDISCARD_DEFAULT;
}

/// Where a transport stream changes its codecs: what follows is opened as a file of its own.
bool Demuxer::enter_next_part() {
    if (!input_.enter_next_part()) return false;
    former_formats_.push_back(std::move(format_));
    try {
        format_ = open_format(input_, limits_);
    } catch (const Error&) {
        if (input_.has_next_part()) throw;
        format_ = std::move(former_formats_.back());  // the next programme's tables, and nothing of it
        ends_within_a_piece_ = true;
        return false;
    }
    const auto streams = choose_streams(*format_, limits_);
    follower_->enter_part(*format_, streams);
    return true;
}

/// Reads packets until `track` has one; false at the end of the file.
bool Demuxer::fill_queue(Track& track) {
    while (track.queued.empty() && !at_end_) {
        auto packet = new_packet();
        const int code = av_read_frame(format_.get(), packet.get());
        input_.check();
        if (code == AVERROR_EOF) {
            if (enter_next_part()) continue;
            input_.finish();
            at_end_ = true;
            break;
        }
        if (code < 0) fail("cannot be read further: " + reason(code));
        if (is_cut_short(*packet)) {
            ends_within_a_piece_ = true;
            continue;
        }
        if (avi_times_) avi_times_->move(*packet);
        if (edit_times_) edit_times_->move(*packet);
        mark_stream(*packet, *format_);
        remove_implausible_times(*packet, stream_of(*packet)->time_base);
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
    const auto type = stream_of(*packet)->codecpar->codec_type;
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
    track.decoder.reset();
    open_track(track, stream_of(*track.queued.front()));
    track.drained = false;
    return true;
}

Handle<AVFrame> Demuxer::next(Track& track) {
    assert(track.decoder);
    auto frame = new_frame();
    while (!track.ended) {
        const int code = track.decoder->receive(frame.get());
        if (code == 0) {
            if (!(frame->flags & AV_FRAME_FLAG_CORRUPT) && !frame->decode_error_flags) return frame;
            if (is_cut_off(track, frame.get())) continue;
            ++corrupt_;
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
            if (!is_cut_off(track, nullptr)) ++corrupt_;  // a damaged frame; later ones may be intact
            continue;
        }
        if (track.drained) {
            if (enter_next_stream(track)) continue;
            track.ended = true;
            break;
        }
        if (!fill_queue(track) || stream_of(*track.queued.front()) != track.stream) {
            static_cast<void>(track.decoder->send(nullptr));
            track.drained = true;
            continue;
        }
        const auto packet = std::move(track.queued.front());
        track.queued.pop_front();
        track.queued_bytes -= static_cast<std::size_t>(packet->size);
        if (&track == &picture) picture_times_->add_packet(*packet);
        track.last_sent = packet->dts;
        if (track.decoder->send(packet.get()) >= 0) continue;
        if (uses_hardware(track)) {
            hardware_failed_ = true;
            return nullptr;
        }
        if (!is_tag(*packet) && !is_cut_off(track, nullptr)) ++corrupt_;
    }
    return nullptr;
}

/// Whether damage is in the track's last packet, and that in the file's end: it was cut off within a piece,
/// which is left out. `frame`: what the decoder made of it.
bool Demuxer::is_cut_off(Track& track, const AVFrame* frame) {
    if (uses_hardware(track) || (frame && frame->reordered_opaque != track.last_sent)) return false;
    if (fill_queue(track)) return false;
    ends_within_a_piece_ = true;
    return true;
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
    const auto last = picture_times_->last();
    software_->seek(last ? seconds(*last, picture) : sought_);
    for (;;) {
        auto frame = software_->next_picture();
        if (!frame || !last || frame->pts > *last) return frame;
    }
}

Ratio Demuxer::pictures_end() const {
    if (software_) return software_->pictures_end();
    if (!picture_times_ || !picture_times_->last()) return {};
    return seconds(*picture_times_->last() + picture_times_->last_duration(), picture);
}

Ratio Demuxer::picture_duration() const {
    if (software_) return software_->picture_duration();
    if (!picture_times_ || !picture_times_->last()) return {};
    const auto base = picture.stream->time_base;
    return reduced(picture_times_->last_duration() * base.num, base.den);
}

Handle<AVFrame> Demuxer::next_picture() {
    if (software_) return software_->next_picture();
    auto frame = next(picture);
    const bool first = picture_times_->count() == 0;
    if (hardware_failed_ || (!frame && first && uses_hardware(picture))) return switch_to_software();
    if (!frame) {
        if (first)
            fail("none of its pictures can be decoded: it is damaged, cut off or too large" +
                 std::string(remedy));
        return frame;
    }
    frame->pts = picture_times_->take(*frame);
    if (limits_.segmented) frame->interlaced_frame = 0;
    add_container_facts(*frame, *format_, *picture.stream);
    return may_be_transparent(*frame) ? composed(*frame, limits_.background) : std::move(frame);
}

Handle<AVFrame> Demuxer::next_sound() {
    auto frame = next(sound);
    if (!frame) return frame;
    frame->pts = sound_times_ ? sound_times_->take(*frame, sound.stream->time_base).value_or(AV_NOPTS_VALUE)
                              : frame->best_effort_timestamp;
    return frame;
}

}  // namespace riverlight::player::av
