#include "player/feed/feed.hpp"

#include <algorithm>
#include <utility>

namespace riverlight::player {
namespace {

constexpr int encoder_frames = 8;  ///< the live encoder's look-ahead and what it keeps
constexpr std::int64_t ahead_ms = 700;
/// Packets leave this long before their time, into the sender's queue: the loop's unevenness.
constexpr Ticks cushion = ticks_a_second * 120 / 1000;

Mux::Start start_of(FeedMemory& memory, Instant now, const Profile& p) {
    Mux::Start start;
    start.clock_frame = memory.frame_at(now, p.coding.rate.num / p.coding.rate.den);
    const auto first = std::max(start.clock_frame, memory.last_picture() + 1);
    start.first_picture = (first + p.format.grid - 1) / p.format.grid * p.format.grid;
    return start;
}

}  // namespace

Feed::Feed(const Options& o, StreamSink& sink)
    : profile_(o.profile),
      sink_(sink),
      memory_(o.state),
      monitor_(profile_.mux_rate),
      start_(start_of(memory_, o.now, profile_)),
      mux_(profile_, o.service, memory_, start_,
           [this](auto packets) {
               monitor_.look(packets);
               sink_.write(packets);
           }),
      ahead_(static_cast<int>(ahead_ms * profile_.coding.rate.num / profile_.coding.rate.den / 1000) +
             encoder_frames) {
    mux_.set_clock([now = o.now](Ticks since) { return now + std::chrono::microseconds(since / 27); });
}

std::chrono::microseconds Feed::delay() const {
    const auto frames = start_.first_picture - start_.clock_frame;
    return std::chrono::microseconds(
        frames * 1'000'000 * profile_.coding.rate.den / profile_.coding.rate.num + Mux::delay(profile_) / 27);
}

void Feed::open_encoder() {
    StreamEncoderOptions options;
    options.coding = profile_.coding;
    const auto own = profile_.coding.buffer_bits + profile_.reserve_bits - profile_.join_fullness;
    // MPEG-2 writes the buffer's size into its headers, which have to be a rendition's.
    if (profile_.coding.video == VideoCodec::h264) options.coding.buffer_bits = own;
    options.fullness_bits = std::min(own, mux_.lead_bits() - profile_.join_fullness);
    options.quality = 2;
    to_skip_ = mux_.samples_ahead();
    encoder_ = std::make_unique<StreamEncoder>(
        options, [this](Bytes unit, bool key) { mux_.add_video(std::move(unit), key); },
        [this](const Bytes& frame) { mux_.add_sound(frame); });
}

void Feed::close_encoder() {
    if (!encoder_) return;
    encoder_->finish();
    encoder_.reset();
}

void Feed::show(const Picture& picture, std::span<const float> samples) {
    if (!encoder_) open_encoder();
    const auto skipped = std::min<std::int64_t>(to_skip_, static_cast<std::int64_t>(samples.size() / 2));
    to_skip_ -= skipped;
    encoder_->add(picture, samples.subspan(static_cast<std::size_t>(skipped) * 2));
    ++encoded_;
    passed();
}

void Feed::splice(const CodedFrame& frame) {
    close_encoder();
    mux_.add_video(frame.video, frame.key);
    for (const auto& sound : frame.sound) mux_.add_sound(sound);
    ++spliced_;
    passed();
}

void Feed::passed() {
    if (++frames_ <= ahead_) return;
    const auto frame_ticks = ticks_a_second * profile_.coding.rate.den / profile_.coding.rate.num;
    mux_.run_until((frames_ - ahead_) * frame_ticks + cushion);
}

void Feed::finish() {
    close_encoder();
    mux_.drain();
    sink_.finish();
}

std::map<std::string, std::string> Feed::evidence() const {
    auto out = sink_.evidence();
    out.merge(monitor_.evidence());
    out["frames_spliced"] = std::to_string(spliced_);
    out["frames_encoded"] = std::to_string(encoded_);
    out["pictures_late"] = std::to_string(mux_.late());
    return out;
}

std::string Feed::alarm() const {
    return mux_.late() > 0
               ? "pictures left after their time: the mux rate is too low for them (TR 101 290, 2.5)"
               : monitor_.alarm();
}

}  // namespace riverlight::player
