#include "player/feed/feed.hpp"

#include <algorithm>
#include <utility>

namespace riverlight::player {
namespace {

constexpr int encoder_frames = 8;  ///< the live encoder's look-ahead and what it keeps
constexpr std::int64_t ahead_ms = 700;
constexpr auto arm_ahead_ms = 6000;  ///< SCTE 35 asks for four seconds and more, partners for five to eight
/// Packets are made this long before their time, into the sender's queue: the loop's unevenness.
constexpr Ticks cushion = ticks_a_second * 120 / 1000;

Mux::Start start_of(FeedMemory& memory, Instant now, const Profile& p) {
    Mux::Start start;
    start.clock_frame = memory.frame_at(now, p.coding.rate.num / p.coding.rate.den);
    const auto first = std::max(start.clock_frame, memory.last_picture() + 1);
    start.first_picture = (first + p.format.grid - 1) / p.format.grid * p.format.grid;
    return start;
}

/// At most `most` bytes of UTF-8, cut between characters.
std::string whole_characters(const std::string& text, std::size_t most) {
    auto end = std::min(text.size(), most);
    while (end > 0 && end < text.size() && (text[end] & 0xc0) == 0x80) --end;
    return text.substr(0, end);
}

/// `srt://host:9000: sending; datagrams_sent 12, dropped 0`: what a partner may be shown, at most 500 bytes.
std::string in_words(const OutputState& output) {
    auto text = output.name.substr(0, 200) + (output.sending ? ": sending" : ": not sending");
    for (const auto& [key, value] : output.figures)
        text += (key == output.figures.begin()->first ? "; " : ", ") + key + ' ' + std::to_string(value);
    if (!output.words.empty()) text += "; " + output.words;
    return whole_characters(text, 500);
}

}  // namespace

Feed::Feed(const Options& o, Sender& sender)
    : profile_(o.profile),
      service_(o.service),
      sender_(sender),
      memory_(o.state),
      monitor_(profile_.mux_rate),
      start_(start_of(memory_, o.now, profile_)),
      mux_(profile_, o.service, memory_, start_,
           [this](Datagram& datagram) {
               datagram.utc = utc_of(datagram.time);
               monitor_.look(datagram.bytes);
               sender_.write(datagram);
           }),
      ahead_(static_cast<int>(ahead_ms * profile_.coding.rate.num / profile_.coding.rate.den / 1000) +
             encoder_frames),
      zero_(o.now - std::chrono::microseconds(time_of(start_.clock_frame) / 27)) {
    mux_.set_clock([this](Ticks time) { return utc_of(time); });
}

Ticks Feed::time_of(std::int64_t frames) const {
    return frames * ticks_a_second * profile_.coding.rate.den / profile_.coding.rate.num;
}

Instant Feed::utc_of(Ticks time) const {
    return zero_ + std::chrono::microseconds(time / 27);
}

void Feed::follow(std::int64_t frame, std::chrono::steady_clock::time_point due, Instant seen) {
    const auto shown = time_of(start_.first_picture + frame) + Mux::delay(profile_);
    zero_ = seen - std::chrono::microseconds(shown / 27);
    memory_.anchor(zero_);
    // The time line begins to leave when the frames ahead are in.
    const auto since = std::chrono::nanoseconds(time_of(frame - ahead_) * 1000 / 27);
    sender_.keep_to(time_of(start_.clock_frame), due - since);
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

void Feed::set_guide(const Guide& guide) {
    guide_.clear();
    for (const auto& item : guide.items) {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(item.start.time_since_epoch()).count();
        // The same airing keeps its number: five seconds of four days have one each.
        guide_.push_back({static_cast<std::uint16_t>(seconds / 5 & 0xffff), item.start,
                          std::chrono::round<std::chrono::seconds>(item.duration), item.language, item.title,
                          item.text});
    }
    guide_changed_ = true;
}

void Feed::put_guide() {
    const auto at = utc_of(time_of(start_.clock_frame + frames_));
    std::optional<std::size_t> present;
    for (std::size_t i = 0; i < guide_.size() && guide_[i].start <= at; ++i) present = i;
    if (!guide_changed_ && present == present_) return;
    present_ = present;
    guide_changed_ = false;
    guide_version_ = (guide_version_ + 1) & 31;
    const auto event = [&](std::size_t i) {
        return i < guide_.size() ? std::optional(guide_[i]) : std::nullopt;
    };
    mux_.set_guide(eit_present_following(service_, present ? event(*present) : std::nullopt,
                                         event(present ? *present + 1 : 0), guide_version_),
                   eit_schedule(service_, guide_, at, guide_version_));
}

void Feed::add_avail(std::int64_t event, std::int64_t first, std::int64_t frames) {
    const auto grid = profile_.format.grid;
    const auto nearest = [&](std::int64_t frame) { return (frame + grid / 2) / grid * grid; };
    SpliceInsert out;
    out.event = static_cast<std::uint32_t>(event);
    out.program = service_.service;
    const auto begin = nearest(first), end = nearest(first + frames);
    out.duration = mux_.stamp_of(end) - mux_.stamp_of(begin);
    auto back = out;
    back.out = false;
    back.duration = 0;
    splices_.push_back({begin, out});
    splices_.push_back({end, back});
}

void Feed::put_splices() {
    const auto ahead = arm_ahead_ms * profile_.coding.rate.num / profile_.coding.rate.den / 1000;
    std::erase_if(splices_, [&](Splice& splice) {
        if (splice.frame - (frames_ - ahead_) > ahead) return false;
        splice.insert.at = mux_.stamp_of(start_.first_picture + splice.frame);
        mux_.add_splice(splice_section(splice.insert));
        return true;
    });
}

void Feed::passed() {
    put_splices();
    if (frames_ % profile_.coding.rate.num == 0) put_guide();
    // What leaves first waits in the sender's queue when its moment comes.
    if (++frames_ < ahead_) return;
    mux_.run_until(time_of(frames_ - ahead_) + cushion);
}

void Feed::finish() {
    close_encoder();
    mux_.drain();
    sender_.finish();
}

std::map<std::string, std::string> Feed::evidence() const {
    auto out = monitor_.evidence();
    for (const auto& [key, value] : sender_.figures()) out[key] = std::to_string(value);
    int number = 0;
    for (const auto& output : sender_.states()) out["output_" + std::to_string(++number)] = in_words(output);
    out["frames_spliced"] = std::to_string(spliced_);
    out["frames_encoded"] = std::to_string(encoded_);
    out["pictures_late"] = std::to_string(mux_.late());
    return out;
}

std::string Feed::alarm() const {
    if (mux_.late() > 0)
        return "pictures left after their time: the mux rate is too low for them (TR 101 290, 2.5)";
    auto alarm = monitor_.alarm();
    for (const auto& output : sender_.states())
        if (output.trouble) alarm += (alarm.empty() ? "" : "; ") + output.name + ": " + output.words;
    return alarm;
}

}  // namespace riverlight::player
