#include "player/feed/feed.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// Frames that the live encoder holds: its look-ahead and its own delay.
constexpr int encoder_frames = 8;
/// What fills the decoder's buffer.
constexpr milliseconds buffer_lead = 700ms;
/// SCTE 35, 9.2 asks for four seconds and more between message and splice point, partners for five to eight.
constexpr milliseconds splice_lead = 6s;
/// Packets are made so long before they leave: bridges the unevenness of the player's loop.
constexpr ClockTicks pacer_lead = 120ms;

std::int64_t frames_in(milliseconds time, Ratio rate) {
    return time.count() * rate.num / rate.den / 1000;
}

Mux::Start start_of(FeedState& state, Instant now, const Profile& p) {
    Mux::Start start;
    start.clock_frame = state.frame_at(now, p.coding.rate.num / p.coding.rate.den);
    const auto last = state.last_picture();
    const auto first = last ? std::max(start.clock_frame, *last + 1) : start.clock_frame;
    start.first_picture = (first + p.format.grid - 1) / p.format.grid * p.format.grid;
    return start;
}

}  // namespace

Feed::Feed(const Options& o, Pacer& pacer)
    : profile_(o.profile),
      service_(o.service),
      pacer_(pacer),
      state_(o.state),
      monitor_(profile_.mux_rate),
      start_(start_of(state_, o.now, profile_)),
      mux_(profile_, o.service, state_, start_,
           [this](Datagram& datagram) {
               datagram.utc = wall_clock(datagram.time);
               monitor_.inspect(datagram.bytes);
               pacer_.write(datagram);
           }),
      frames_ahead_(static_cast<int>(frames_in(buffer_lead, profile_.coding.rate)) + encoder_frames),
      zero_(o.now - duration_cast<microseconds>(duration(start_.clock_frame))),
      guide_(state_),
      language_(o.service.language) {
    mux_.set_wall_clock([this](StreamTime time) { return wall_clock(time); });
}

ClockTicks Feed::duration(std::int64_t frames) const {
    return duration_of(frames, profile_.coding.rate);
}

StreamTime Feed::stream_time(std::int64_t time_line_frame) const {
    return StreamTime{duration(time_line_frame)};
}

Instant Feed::wall_clock(StreamTime time) const {
    return zero_ + duration_cast<microseconds>(time.time_since_epoch());
}

void Feed::set_frame_time(std::int64_t frame, steady_clock::time_point due, Instant seen) {
    const auto shown = stream_time(start_.first_picture + frame) + Mux::delay(profile_);
    zero_ = seen - duration_cast<microseconds>(shown.time_since_epoch());
    state_.set_anchor(zero_);
    // The first packet leaves once the frames ahead have been put in.
    const auto since_start = duration_cast<nanoseconds>(duration(frame - frames_ahead_));
    pacer_.set_anchor(stream_time(start_.clock_frame), due - since_start);
}

microseconds Feed::delay() const {
    const auto frames = start_.first_picture - start_.clock_frame;
    return duration_cast<microseconds>(duration(frames)) + duration_cast<microseconds>(Mux::delay(profile_));
}

void Feed::open_encoder() {
    assert(!encoder_);
    StreamEncoderOptions options;
    options.coding = profile_.coding;
    const auto own_buffer = profile_.coding.buffer_bits + profile_.reserve_bits - profile_.splice_fullness;
    // MPEG-2 writes the buffer's size into its sequence headers, which must equal a rendition's.
    if (profile_.coding.video == VideoCodec::h264) options.coding.buffer_bits = own_buffer;
    options.fullness_bits = std::min(own_buffer, mux_.lead_bits() - profile_.splice_fullness);
    options.quality = 2;
    samples_to_skip_ = mux_.samples_ahead();
    encoder_ = std::make_unique<StreamEncoder>(
        options, [this](const Bytes& unit, bool key) { mux_.add_video(unit, key); },
        [this](const Bytes& frame) { mux_.add_sound(frame); });
}

void Feed::close_encoder() {
    if (!encoder_) return;
    encoder_->finish();
    encoder_.reset();
}

void Feed::show(const Picture& picture, std::span<const float> samples) {
    if (!encoder_) open_encoder();
    const auto skipped =
        std::min<std::int64_t>(samples_to_skip_, static_cast<std::int64_t>(samples.size() / 2));
    samples_to_skip_ -= skipped;
    encoder_->add(picture, samples.subspan(static_cast<std::size_t>(skipped) * 2));
    end_frame();
}

void Feed::splice(const CodedFrame& frame) {
    close_encoder();
    mux_.add_video(frame.video, frame.key);
    for (const auto& sound : frame.sound) mux_.add_sound(sound);
    end_frame();
}

void Feed::set_language(LanguageCode language) {
    if (language == std::exchange(language_, language)) return;
    mux_.set_language(start_.first_picture + frames_, language);
}

void Feed::set_guide(const Guide& guide) {
    guide_.set(guide);
}

void Feed::update_guide() {
    if (auto eit = guide_.update(service_, wall_clock(stream_time(start_.clock_frame + frames_))))
        mux_.set_guide(std::move(eit->present_following), std::move(eit->schedule));
}

void Feed::add_avail(std::int64_t event, std::int64_t first, std::int64_t frames) {
    assert(event >= 0 && frames >= 0);
    const auto grid = profile_.format.grid;
    const auto nearest = [&](std::int64_t frame) { return (frame + grid / 2) / grid * grid; };
    const auto begin = nearest(first), end = nearest(first + frames);
    SpliceInsert back;
    back.event = static_cast<std::uint32_t>(event);
    back.program = service_.service;
    back.out_of_network = false;
    auto out = back;
    out.out_of_network = true;
    if (end > begin) out.duration = mux_.pts_of_picture(end) - mux_.pts_of_picture(begin);
    splice_points_.push_back({begin, out});
    splice_points_.push_back({end, back});
}

void Feed::send_due_splices() {
    const auto leaving = frames_ - frames_ahead_, ahead = frames_in(splice_lead, profile_.coding.rate);
    std::erase_if(splice_points_, [&](SplicePoint& point) {
        if (point.frame - leaving > ahead) return false;
        point.insert.pts = mux_.pts_of_picture(start_.first_picture + point.frame);
        mux_.add_splice(splice_insert_section(point.insert));
        return true;
    });
}

void Feed::end_frame() {
    send_due_splices();
    if (frames_ % profile_.coding.rate.num == 0) update_guide();
    if (++frames_ < frames_ahead_) return;
    mux_.run_until(duration(frames_ - frames_ahead_) + pacer_lead);
}

void Feed::finish() {
    close_encoder();
    mux_.drain();
    pacer_.finish();
}

Evidence Feed::evidence() const {
    auto out = monitor_.evidence();
    for (const auto& [key, value] : pacer_.figures()) out[key] = value;
    out["pictures_late"] = mux_.late_pictures();
    return out;
}

std::string Feed::alarm() const {
    if (mux_.late_pictures() > 0)
        return "pictures left after their DTS: the mux rate is too low for them (TR 101 290, 2.5)";
    auto alarm = monitor_.alarm();
    for (const auto& output : pacer_.states())
        if (output.trouble) alarm += (alarm.empty() ? "" : "; ") + output.name + ": " + output.words;
    return alarm;
}

}  // namespace riverlight::player
