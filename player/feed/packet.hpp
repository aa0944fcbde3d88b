#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "content/base/instant.hpp"
#include "player/av/coded.hpp"

/// Transport stream packets and what they carry (ISO/IEC 13818-1, 2.4.3).
namespace riverlight::player {

inline constexpr std::size_t packet_size = 188;
using Packet = std::array<std::uint8_t, packet_size>;
/// Ticks of the system clock, 27 MHz.
using Ticks = std::int64_t;
inline constexpr Ticks ticks_a_second = 27'000'000, ticks_a_stamp = 300;  ///< a stamp counts 90 kHz
inline constexpr unsigned null_pid = 0x1fff;

/// Seven packets: what one UDP datagram carries on an Ethernet line.
inline constexpr std::size_t datagram_packets = 7, datagram_size = datagram_packets * packet_size;
struct Datagram {
    std::array<std::uint8_t, datagram_size> bytes;
    Ticks time = 0;  ///< of its first byte, on the feed's time line as its PCR counts, unwrapped
    Instant utc{};   ///< when that is
};

/// The packet identifier of a whole packet.
[[nodiscard]] constexpr unsigned pid_of(const std::uint8_t* packet) {
    return (packet[1] & 0x1fU) << 8 | packet[2];
}

struct PacketHead {
    unsigned pid = null_pid;
    bool begins = false;  ///< payload_unit_start_indicator
    bool random_access = false, discontinuity = false;
    std::optional<Ticks> pcr;
};

/// Fills `packet`, taking from `payload` what fits and stuffing the rest; how much was taken. An empty
/// payload makes a packet of an adaptation field alone, which does not count. `counter` is the PID's, moved
/// on where it counts.
std::size_t write_packet(std::span<std::uint8_t, packet_size> packet, const PacketHead& head,
                         std::uint8_t& counter, std::span<const std::uint8_t> payload);
[[nodiscard]] const Packet& null_packet();

/// A PES packet around one access unit or sound frame, with its PTS (2.4.3.6). `stamp` in 90 kHz, wrapped at
/// 33 bits.
[[nodiscard]] Bytes pes_packet(std::uint8_t stream_id, std::int64_t stamp,
                               std::span<const std::uint8_t> payload);

}  // namespace riverlight::player
