#include "player/feed/packet.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {
namespace {

constexpr std::size_t head_size = 4, pcr_size = 6;
/// Bytes of a PES header up to the end of its PTS.
constexpr std::size_t pes_head_size = 14, pts_offset = 9;
constexpr std::uint64_t mask_33 = (std::uint64_t{1} << 33) - 1;

std::uint8_t byte(std::uint64_t value) {
    return static_cast<std::uint8_t>(value & 0xff);
}

/// 33 bits at 90 kHz, then 9 bits of 27 MHz (2.4.3.5).
void write_pcr(std::uint8_t* p, StreamTime time) {
    const auto stamp = stamp_of(time);
    const auto base = static_cast<std::uint64_t>(stamp.count()) & mask_33;
    const auto extension = static_cast<std::uint64_t>((time.time_since_epoch() - stamp).count());
    p[0] = byte(base >> 25);
    p[1] = byte(base >> 17);
    p[2] = byte(base >> 9);
    p[3] = byte(base >> 1);
    p[4] = byte((base << 7 & 0x80) | 0x7e | extension >> 8);
    p[5] = byte(extension);
}

}  // namespace

std::optional<StampTicks> pts_of(const std::uint8_t* packet) {
    const auto begin = payload_offset(packet);
    if (!starts_unit(packet) || !has_payload(packet) || begin + pes_head_size > packet_size) return {};
    const auto* p = packet + begin + pts_offset;
    return StampTicks{std::int64_t{p[0] >> 1 & 7} << 30 | p[1] << 22 | (p[2] >> 1) << 15 | p[3] << 7 |
                      p[4] >> 1};
}

std::optional<ClockTicks> pcr_of(const std::uint8_t* packet) {
    if (!has_adaptation_field(packet) || packet[4] < 1 + pcr_size || !(packet[5] & 0x10)) return {};
    const auto* p = packet + head_size + 2;
    const StampTicks base{std::int64_t{p[0]} << 25 | p[1] << 17 | p[2] << 9 | p[3] << 1 | p[4] >> 7};
    return base + ClockTicks{(p[4] & 1) << 8 | p[5]};
}

std::size_t write_packet(std::span<std::uint8_t, packet_size> packet, const PacketHead& head,
                         std::uint8_t& counter, std::span<const std::uint8_t> payload) {
    assert(head.pid < pid_count && counter < 16);
    const bool flags = head.random_access || head.discontinuity || head.pcr;
    std::size_t adaptation = flags ? 2 + (head.pcr ? pcr_size : 0) : 0;
    const auto taken = std::min(payload.size(), packet_size - head_size - adaptation);
    adaptation = packet_size - head_size - taken;  // stuffed to the end
    if (!payload.empty()) counter = (counter + 1) & 15;
    packet[0] = sync_byte;
    packet[1] = byte((head.begins ? 0x40U : 0U) | head.pid >> 8);
    packet[2] = byte(head.pid);
    packet[3] = byte((adaptation ? 0x20U : 0U) | (payload.empty() ? 0U : 0x10U) | counter);
    auto* field = packet.data() + head_size;
    if (adaptation > 0) field[0] = byte(adaptation - 1);
    if (adaptation > 1) {
        field[1] = byte((head.discontinuity ? 0x80U : 0U) | (head.random_access ? 0x40U : 0U) |
                        (head.pcr ? 0x10U : 0U));
        if (head.pcr) write_pcr(field + 2, *head.pcr);
        std::fill(field + 2 + (head.pcr ? pcr_size : 0), field + adaptation, std::uint8_t{0xff});
    }
    std::copy_n(payload.begin(), taken, field + adaptation);
    return taken;
}

const Packet& null_packet() {
    static const Packet packet = [] {
        Packet p;
        p.fill(0xff);
        p[0] = sync_byte;
        p[1] = 0x1f;
        p[3] = 0x10;
        return p;
    }();
    return packet;
}

Bytes pes_packet(std::uint8_t stream_id, StampTicks pts, std::span<const std::uint8_t> payload) {
    const auto t = static_cast<std::uint64_t>(pts.count()) & mask_33;
    const bool video = (stream_id & 0xf0) == 0xe0;
    const auto length = video ? 0 : payload.size() + 8;  // unbounded: a picture may be larger than 64 KiB
    Bytes out{0,
              0,
              1,
              stream_id,
              byte(length >> 8),
              byte(length),
              0x84,  // '10', data_alignment_indicator
              0x80,  // PTS only: without B pictures the DTS is the same
              5,
              byte(0x21 | (t >> 29 & 0x0e)),
              byte(t >> 22),
              byte((t >> 14 & 0xfe) | 1),
              byte(t >> 7),
              byte((t << 1 & 0xfe) | 1)};
    assert(out.size() == pes_head_size);
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
}

}  // namespace riverlight::player
