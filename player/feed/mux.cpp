#include "player/feed/mux.hpp"

#include <algorithm>
#include <utility>

namespace riverlight::player {
namespace {

constexpr Ticks ms = ticks_a_second / 1000;
/// PCR at most 40 ms apart (TR 101 290, 2.3): a packet or two of the same instant may come between.
constexpr Ticks pcr_every = 30 * ms;
/// A decoder's sound buffer holds 3,584 bytes (13818-1, 2.4.2.3): 149 ms of Layer II at 192 kb/s.
constexpr Ticks sound_ahead = 90 * ms;
/// Nothing stays longer than a second in the decoder (2.4.2.6).
constexpr Ticks video_ahead = 950 * ms;
constexpr Ticks start_slack = 40 * ms;

bool carries_tables(const std::pair<unsigned, Bytes>& section) {
    return section.first == pid::pat || section.first == pid::pmt;
}

constexpr std::uint8_t video_id = 0xe0, sound_id = 0xc0, private_1 = 0xbd;

}  // namespace

Ticks Mux::delay(const Profile& p) {
    return p.join_fullness * ticks_a_second / p.coding.video_rate + start_slack;
}

Mux::Mux(const Profile& profile, const Service& service, FeedMemory& memory, const Start& start, Sink sink)
    : profile_(profile),
      service_(service),
      memory_(memory),
      sink_(std::move(sink)),
      frame_ticks_(ticks_a_second * profile.coding.rate.den / profile.coding.rate.num),
      delay_(delay(profile)),
      start_(start.clock_frame * frame_ticks_),
      now_(start_),
      last_pcr_(start_ - pcr_every),
      next_picture_(start.first_picture),
      next_sound_(start.first_picture * profile.format.samples_a_frame() /
                  sound_frame_samples(profile.coding.sound)),
      resumed_(memory.resumed()) {
    // Repetition: TR 101 290 and EN 300 468 ask for less often than this.
    tables_ = {{pid::pat, 90 * ms, pat_sections(service)},
               {pid::pmt, 90 * ms, pmt_sections(service, profile)},
               {pid::sdt, 480 * ms, sdt_sections(service)},
               {pid::nit, 2000 * ms, nit_sections(service)},
               {pid::eit, 1000 * ms, {}},
               {pid::eit, 8000 * ms, {}},
               {pid::tdt, 10'000 * ms, {}},
               {pid::splice, 5000 * ms, {splice_null_section()}}};
    for (auto& table : tables_) table.next = start_;
}

Ticks Mux::frame_time(std::int64_t frame) const {
    return frame * frame_ticks_;
}

std::int64_t Mux::stamp_of(std::int64_t picture) const {
    return (frame_time(picture) + delay_) / ticks_a_stamp;
}

void Mux::add_video(std::span<const std::uint8_t> access_unit, bool key) {
    Unit unit;
    unit.picture = next_picture_++;
    unit.due = frame_time(unit.picture) + delay_;
    unit.key = key;
    unit.pes = pes_packet(video_id, unit.due / ticks_a_stamp, access_unit);
    video_.push_back(std::move(unit));
}

void Mux::add_sound(const Bytes& frame) {
    const auto codec = profile_.coding.sound;
    const auto sample = next_sound_++ * sound_frame_samples(codec) - sound_advance(codec);
    Unit unit;
    unit.due = sample * ticks_a_second / sample_rate + delay_;
    unit.pes = pes_packet(codec == SoundCodec::ac3 ? private_1 : sound_id, unit.due / ticks_a_stamp, frame);
    sound_.push_back(std::move(unit));
}

void Mux::set_guide(Sections present_following, Sections schedule) {
    tables_[4].sections = std::move(present_following);
    tables_[4].next = now_;
    tables_[5].sections = std::move(schedule);
}

void Mux::add_splice(const Bytes& section) {
    queue_section(pid::splice, section);
}

std::int64_t Mux::lead_bits() const {
    std::int64_t waiting = 0;
    for (const auto& unit : video_) waiting += static_cast<std::int64_t>(unit.pes.size() - unit.sent) * 8;
    const auto ahead = frame_time(next_picture_) + delay_ - now_;
    return std::min(profile_.coding.buffer_bits + profile_.reserve_bits,
                    ahead / ticks_a_stamp * profile_.coding.video_rate / 90'000 - waiting);
}

std::int64_t Mux::samples_ahead() const {
    return next_sound_ * sound_frame_samples(profile_.coding.sound) -
           next_picture_ * profile_.format.samples_a_frame();
}

void Mux::run_until(Ticks since_start) {
    while (now_ - start_ < since_start) step();
    memory_.passed(now_ / frame_ticks_);
}

void Mux::drain() {
    draining_ = true;
    while (!video_.empty() || !sound_.empty()) step();
    while (filled_ > 0) step();
}

void Mux::step() {
    queue_tables();
    if (!send_clock() && !send_sound() && !send_table() && !send_video(false)) {
        std::copy(null_packet().begin(), null_packet().end(), place().begin());
        sent();
    }
    const auto ticks = static_cast<Ticks>(packet_size) * 8 * ticks_a_second + remainder_;
    now_ += ticks / profile_.mux_rate;
    remainder_ = ticks % profile_.mux_rate;
}

std::span<std::uint8_t, packet_size> Mux::place() {
    return std::span(out_.bytes).subspan(filled_ * packet_size).first<packet_size>();
}

void Mux::sent() {
    if (filled_ == 0) out_.time = now_;
    if (++filled_ < datagram_packets) return;
    sink_(out_);
    filled_ = 0;
}

/// True once for each PID where an earlier process fed it: what that one made last may never have left, so
/// counters and clock go on at a discontinuity (13818-1, 2.4.3.5).
bool Mux::follows_nothing(unsigned pid) {
    return resumed_ && signalled_.insert(pid).second;
}

bool Mux::send_clock() {
    if (now_ - last_pcr_ < pcr_every) return false;
    if (send_video(true)) return true;
    PacketHead head;
    head.pid = pid::video;
    head.pcr = now_;
    head.discontinuity = follows_nothing(head.pid);
    static_cast<void>(write_packet(place(), head, memory_.counter(head.pid), {}));
    last_pcr_ = now_;
    sent();
    return true;
}

bool Mux::room_for_video() {
    for (; !buffered_.empty() && buffered_.front().due <= now_; buffered_.pop_front())
        buffered_bytes_ -= buffered_.front().bytes;
    const auto room = static_cast<std::size_t>(profile_.coding.buffer_bits + profile_.reserve_bits) / 8;
    return buffered_bytes_ + packet_size <= room;
}

bool Mux::send_video(bool with_clock) {
    if (video_.empty()) return false;
    auto& unit = video_.front();
    // At the end pictures fall back beside their sound, so that both end together in a file.
    const auto behind = static_cast<Ticks>(video_.size() - 1) * frame_ticks_;
    const auto ahead = draining_ ? std::min(video_ahead, sound_ahead + behind) : video_ahead;
    if (now_ < unit.due - ahead || !room_for_video() || !ready_for_key()) return false;
    PacketHead head;
    head.pid = pid::video;
    head.begins = unit.sent == 0;
    head.random_access = head.begins && unit.key;
    // On the PCR's PID random access is where a clock is (13818-1, 2.4.3.5).
    if (with_clock || head.random_access) {
        head.pcr = now_;
        last_pcr_ = now_;
    }
    head.discontinuity = follows_nothing(head.pid);
    if (head.begins) {
        memory_.left(unit.picture);
        buffered_.push_back({unit.due, 0});
    }
    const auto taken =
        write_packet(place(), head, memory_.counter(head.pid), std::span(unit.pes).subspan(unit.sent));
    unit.sent += taken;
    if (!buffered_.empty()) {
        buffered_.back().bytes += taken;
        buffered_bytes_ += taken;
    }
    if (unit.sent == unit.pes.size()) {
        late_ += now_ > unit.due;
        video_.pop_front();
    }
    sent();
    return true;
}

/// Whether the picture that is next may go: before a key picture its PAT and PMT go first.
bool Mux::ready_for_key() {
    const auto& unit = video_.front();
    if (!unit.key || unit.sent > 0) return true;
    if (tables_for_ != unit.picture) {
        tables_for_ = unit.picture;
        // Once, and right before it: what cuts the stream there cuts before the PAT.
        const auto waiting = sections_.begin() + (section_sent_ > 0 ? 1 : 0);
        sections_.erase(std::remove_if(waiting, sections_.end(), carries_tables), sections_.end());
        for (auto* table : {&tables_[1], &tables_[0]}) {  // each goes before what waits already
            table->next = now_ + table->every;
            for (const auto& section : table->sections) queue_section(table->pid, section);
        }
    }
    return std::none_of(sections_.begin(), sections_.end(), carries_tables);
}

bool Mux::send_sound() {
    if (sound_.empty() || now_ < sound_.front().due - sound_ahead) return false;
    auto& unit = sound_.front();
    PacketHead head;
    head.pid = pid::sound;
    head.begins = head.random_access = unit.sent == 0;
    head.discontinuity = follows_nothing(head.pid);
    unit.sent +=
        write_packet(place(), head, memory_.counter(head.pid), std::span(unit.pes).subspan(unit.sent));
    if (unit.sent == unit.pes.size()) sound_.pop_front();
    sent();
    return true;
}

void Mux::queue_tables() {
    for (auto& table : tables_) {
        if (now_ < table.next) continue;
        table.next = now_ + table.every;
        if (table.pid == pid::tdt) table.sections = utc_ ? time_sections(service_, utc_(now_)) : Sections{};
        for (const auto& section : table.sections) queue_section(table.pid, section);
    }
}

void Mux::queue_section(unsigned pid, const Bytes& section) {
    Bytes payload{0};  // pointer_field: each section begins a packet
    payload.insert(payload.end(), section.begin(), section.end());
    // Sections are stuffed with 0xff behind their end, not in an adaptation field (13818-1, 2.4.4).
    payload.resize((payload.size() + 183) / 184 * 184, 0xff);
    // Long guides give way to what monitors count in milliseconds.
    const auto behind = sections_.empty() || section_sent_ == 0 ? 0 : 1;
    if (pid == pid::eit)
        sections_.emplace_back(pid, std::move(payload));
    else
        sections_.emplace(sections_.begin() + behind, pid, std::move(payload));
}

bool Mux::send_table() {
    if (sections_.empty()) return false;
    auto& [pid, payload] = sections_.front();
    PacketHead head;
    head.pid = pid;
    head.begins = section_sent_ == 0;
    head.discontinuity = follows_nothing(head.pid);
    // Room for the field that says so, out of the stuffing.
    if (head.discontinuity && payload.size() == 184 && payload[182] == 0xff) payload.resize(182);
    section_sent_ +=
        write_packet(place(), head, memory_.counter(pid), std::span(payload).subspan(section_sent_));
    if (section_sent_ == payload.size()) {
        sections_.pop_front();
        section_sent_ = 0;
    }
    sent();
    return true;
}

}  // namespace riverlight::player
