#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "content/base/instant.hpp"
#include "player/av/coding.hpp"
#include "player/feed/ticks.hpp"

/// Transport stream packets and PES packets (ISO/IEC 13818-1, 2.4.3).
namespace riverlight::player {

inline constexpr std::size_t packet_size = 188;
using Packet = std::array<std::uint8_t, packet_size>;
inline constexpr std::uint8_t sync_byte = 0x47;
inline constexpr unsigned null_pid = 0x1fff;
inline constexpr std::size_t pid_count = 0x2000;

/// Seven packets: what one UDP datagram carries within an Ethernet frame.
inline constexpr std::size_t datagram_packets = 7, datagram_size = datagram_packets * packet_size;
static_assert(datagram_size == 1316);

/// Which pictures of the time line have bytes in a datagram, by their numbers.
struct PictureSpan {
    std::int64_t first = 0, end = 0;  ///< [first, end)
    std::int64_t complete = 0;        ///< pictures before it have no bytes in later datagrams
};

struct Datagram {
    std::array<std::uint8_t, datagram_size> bytes;
    StreamTime time{};  ///< of its first byte
    Instant utc{};      ///< the same moment by the wall clock
    PictureSpan pictures{};
};

// Fields of a whole packet.
[[nodiscard]] constexpr unsigned pid_of(const std::uint8_t* packet) {
    return (packet[1] & 0x1fU) << 8 | packet[2];
}
[[nodiscard]] constexpr bool starts_unit(const std::uint8_t* packet) {
    return packet[1] & 0x40;
}
[[nodiscard]] constexpr bool has_adaptation_field(const std::uint8_t* packet) {
    return packet[3] & 0x20;
}
[[nodiscard]] constexpr bool has_payload(const std::uint8_t* packet) {
    return packet[3] & 0x10;
}
[[nodiscard]] constexpr bool is_random_access(const std::uint8_t* packet) {
    return has_adaptation_field(packet) && packet[4] > 0 && (packet[5] & 0x40);
}
/// Where the payload begins; may lie beyond the end of a malformed packet.
[[nodiscard]] constexpr std::size_t payload_offset(const std::uint8_t* packet) {
    return has_adaptation_field(packet) ? 5U + packet[4] : 4U;
}
/// The PTS of the PES packet that starts in this packet, wrapped; nothing if none starts or its header does
/// not fit. Meant for PIDs that carry PES packets with a PTS.
[[nodiscard]] std::optional<StampTicks> pts_of(const std::uint8_t* packet);
/// The PCR of this packet, wrapped.
[[nodiscard]] std::optional<ClockTicks> pcr_of(const std::uint8_t* packet);

struct PacketHead {
    unsigned pid = null_pid;
    bool begins = false;  ///< payload_unit_start_indicator
    bool random_access = false, discontinuity = false;
    std::optional<StreamTime> pcr;
};

/// Fills `packet` with as much of `payload` as fits, stuffs the rest and returns how many bytes of `payload`
/// it took. An empty payload makes a packet with an adaptation field only. `counter` is the PID's continuity
/// counter; it advances with each packet that has a payload (2.4.3.3).
std::size_t write_packet(std::span<std::uint8_t, packet_size> packet, const PacketHead& head,
                         std::uint8_t& counter, std::span<const std::uint8_t> payload);
[[nodiscard]] const Packet& null_packet();

/// A PES packet around one access unit or sound frame, with `pts` (2.4.3.6), which it wraps.
[[nodiscard]] Bytes pes_packet(std::uint8_t stream_id, StampTicks pts, std::span<const std::uint8_t> payload);

}  // namespace riverlight::player
