#include "player/feed/mux.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace riverlight::player {
namespace {

using namespace std::chrono_literals;
using std::chrono::duration_cast;

/// TR 101 290, 2.3 allows 40 ms; a packet or two of the same instant may go first.
constexpr ClockTicks pcr_every = 30ms;
/// A decoder's sound buffer holds 3,584 bytes (13818-1, 2.4.2.3): 149 ms of Layer II at 192 kb/s.
constexpr ClockTicks sound_lead = 90ms;
/// Nothing stays in the decoder for longer than a second (13818-1, 2.4.2.6).
constexpr ClockTicks max_video_lead = 950ms;
constexpr ClockTicks start_slack = 40ms;

/// Stream ids of PES packets (13818-1, Table 2-22).
constexpr std::uint8_t video_stream = 0xe0, audio_stream = 0xc0, private_stream_1 = 0xbd;

ClockTicks duration_of_sound(std::int64_t samples) {
    return ClockTicks{samples * ClockTicks::period::den / sample_rate};
}

std::size_t decoder_bytes(const Profile& profile) {
    return static_cast<std::size_t>(profile.coding.buffer_bits + profile.reserve_bits) / 8;
}

}  // namespace

ClockTicks Mux::delay(const Profile& p) {
    return ClockTicks{p.splice_fullness * ClockTicks::period::den / p.coding.video_rate} + start_slack;
}

Mux::Mux(const Profile& profile, const Service& service, FeedState& state, const Start& start, Sink sink)
    : profile_(profile),
      state_(state),
      sink_(std::move(sink)),
      frame_ticks_(duration_of(1, profile.coding.rate)),
      delay_(delay(profile)),
      start_(frame_time(start.clock_frame)),
      last_pcr_(start_ - pcr_every),
      clock_(start_, profile.mux_rate),
      next_picture_(start.first_picture),
      complete_pictures_(start.first_picture),
      next_sound_(start.first_picture * profile.format.samples_a_frame() /
                  sound_frame_samples(profile.coding.sound)),
      tables_(service, profile, state, start_),
      decoder_(decoder_bytes(profile)) {
    assert(start.first_picture >= start.clock_frame && start.first_picture % profile.format.grid == 0);
}

StreamTime Mux::frame_time(std::int64_t frame) const {
    return StreamTime{frame * frame_ticks_};
}

StampTicks Mux::pts_of_picture(std::int64_t picture) const {
    return stamp_of(frame_time(picture) + delay_);
}

void Mux::add_video(std::span<const std::uint8_t> access_unit, bool key) {
    Unit unit;
    unit.picture = next_picture_++;
    unit.dts = frame_time(unit.picture) + delay_;
    unit.key = key;
    unit.pes = pes_packet(video_stream, stamp_of(unit.dts), access_unit);
    video_.push_back(std::move(unit));
}

void Mux::add_sound(const Bytes& frame) {
    const auto codec = profile_.coding.sound;
    const auto sample = next_sound_++ * sound_frame_samples(codec) - sound_advance(codec);
    Unit unit;
    unit.dts = StreamTime{duration_of_sound(sample)} + delay_;
    unit.pes =
        pes_packet(codec == SoundCodec::ac3 ? private_stream_1 : audio_stream, stamp_of(unit.dts), frame);
    sound_.push_back(std::move(unit));
}

void Mux::set_language(std::int64_t picture, LanguageCode language) {
    const auto from = frame_time(picture) + delay_;
    assert(language_changes_.empty() || language_changes_.back().from < from);
    const bool nothing_sent = clock_.now() == start_ && picture == complete_pictures_;
    if (nothing_sent)
        tables_.set_language(language, clock_.now());
    else
        language_changes_.push_back({from, language});
}

void Mux::set_guide(Sections present_following, Sections schedule) {
    tables_.set_guide(std::move(present_following), std::move(schedule), clock_.now());
}

std::int64_t Mux::lead_bits() const {
    std::int64_t waiting = 0;
    for (const auto& unit : video_) waiting += static_cast<std::int64_t>(unit.pes.size() - unit.sent) * 8;
    const auto ahead = duration_cast<StampTicks>(frame_time(next_picture_) + delay_ - clock_.now());
    const auto arriving = ahead.count() * profile_.coding.video_rate / StampTicks::period::den;
    return std::min(profile_.coding.buffer_bits + profile_.reserve_bits, arriving - waiting);
}

std::int64_t Mux::samples_ahead() const {
    return next_sound_ * sound_frame_samples(profile_.coding.sound) -
           next_picture_ * profile_.format.samples_a_frame();
}

void Mux::run_until(ClockTicks since_start) {
    while (clock_.now() - start_ < since_start) send_packet();
    state_.set_last_frame(clock_.now().time_since_epoch() / frame_ticks_);
}

void Mux::drain() {
    draining_ = true;
    while (!video_.empty() || !sound_.empty()) send_packet();
    while (filled_ > 0) send_packet();
}

void Mux::send_packet() {
    tables_.queue_due(clock_.now());
    if (!send_pcr() && !send_sound() && !send_table() && !send_video(false)) {
        std::copy(null_packet().begin(), null_packet().end(), next_slot().begin());
        commit();
    }
    clock_.advance();
    if (filled_ < datagram_packets) return;
    sink_(datagram_);
    filled_ = 0;
}

std::span<std::uint8_t, packet_size> Mux::next_slot() {
    assert(filled_ < datagram_packets);
    return std::span(datagram_.bytes).subspan(filled_ * packet_size).first<packet_size>();
}

void Mux::commit() {
    if (filled_ == 0) {
        datagram_.time = clock_.now();
        datagram_.pictures = {complete_pictures_, complete_pictures_, complete_pictures_};
    }
    ++filled_;
}

std::size_t Mux::write(const PacketHead& head, std::span<const std::uint8_t> payload) {
    const auto taken = write_packet(next_slot(), head, state_.continuity_counter(head.pid), payload);
    commit();
    return taken;
}

/// True once for each PID if an earlier process sent it: the last packets of that process may never have
/// left, so continuity counters and PCR go on at a discontinuity (13818-1, 2.4.3.5).
bool Mux::is_first_after_restart(unsigned pid) {
    return state_.is_resumed() && resumed_pids_.insert(pid).second;
}

bool Mux::send_pcr() {
    if (clock_.now() - last_pcr_ < pcr_every) return false;
    if (send_video(true)) return true;
    PacketHead head;
    head.pid = pid::video;
    head.pcr = last_pcr_ = clock_.now();
    head.discontinuity = is_first_after_restart(head.pid);
    static_cast<void>(write(head, {}));
    return true;
}

/// True if the picture at the front may be sent now: not too early, and the decoder's buffer has room.
bool Mux::may_send_picture() {
    // At the end pictures are held back to leave beside their sound, so that a file ends with both.
    const auto behind = static_cast<std::int64_t>(video_.size() - 1) * frame_ticks_;
    const auto lead = draining_ ? std::min(max_video_lead, sound_lead + behind) : max_video_lead;
    return clock_.now() >= video_.front().dts - lead && decoder_.has_room(packet_size, clock_.now());
}

bool Mux::send_video(bool with_pcr) {
    if (video_.empty() || !may_send_picture() || !tables_sent_before_key()) return false;
    auto& unit = video_.front();
    PacketHead head;
    head.pid = pid::video;
    head.begins = unit.sent == 0;
    head.random_access = head.begins && unit.key;
    // On the PCR's PID a random access point needs a PCR (13818-1, 2.4.3.5).
    if (with_pcr || head.random_access) head.pcr = last_pcr_ = clock_.now();
    head.discontinuity = is_first_after_restart(head.pid);
    if (head.begins) {
        state_.set_last_picture(unit.picture);
        decoder_.begin_picture(unit.dts);
    }
    const auto taken = write(head, std::span(unit.pes).subspan(unit.sent));
    unit.sent += taken;
    decoder_.add(taken);
    datagram_.pictures.end = unit.picture + 1;
    if (unit.sent < unit.pes.size()) return true;
    complete_pictures_ = datagram_.pictures.complete = unit.picture + 1;
    late_pictures_ += clock_.now() > unit.dts;
    video_.pop_front();
    return true;
}

/// True if the next picture need not wait for tables: before a key picture its PAT and PMT are sent.
bool Mux::tables_sent_before_key() {
    const auto& unit = video_.front();
    if (!unit.key || unit.sent > 0) return true;
    if (tables_queued_for_ != unit.picture) {
        tables_queued_for_ = unit.picture;
        tables_.queue_program_tables(clock_.now());
    }
    return !tables_.has_program_tables();
}

/// True if the PMT that says the language of the next sound has been sent.
bool Mux::language_sent_before_sound() {
    // A frame of sound has the language of its middle: it may begin before the picture that it belongs to.
    const auto middle =
        sound_.front().dts + duration_of_sound(sound_frame_samples(profile_.coding.sound)) / 2;
    for (; !language_changes_.empty() && language_changes_.front().from <= middle;
         language_changes_.pop_front()) {
        tables_.set_language(language_changes_.front().language, clock_.now());
        language_waits_ = true;
    }
    language_waits_ = language_waits_ && tables_.has_program_tables();
    return !language_waits_;
}

bool Mux::send_sound() {
    if (sound_.empty() || clock_.now() < sound_.front().dts - sound_lead) return false;
    if (sound_.front().sent == 0 && !language_sent_before_sound()) return false;
    auto& unit = sound_.front();
    PacketHead head;
    head.pid = pid::sound;
    head.begins = head.random_access = unit.sent == 0;
    head.discontinuity = is_first_after_restart(head.pid);
    unit.sent += write(head, std::span(unit.pes).subspan(unit.sent));
    if (unit.sent == unit.pes.size()) sound_.pop_front();
    return true;
}

bool Mux::send_table() {
    if (tables_.empty()) return false;
    PacketHead head;
    head.pid = tables_.pid();
    head.begins = tables_.at_section_start();
    head.discontinuity = is_first_after_restart(head.pid);
    if (head.discontinuity) tables_.make_room_for_flags();
    tables_.consume(write(head, tables_.payload()));
    return true;
}

}  // namespace riverlight::player
