#pragma once
#include <span>
#include <vector>

#include "player/feed/packet.hpp"

namespace riverlight::player {

/// What a packet is to someone who cuts a stream at its random access points.
enum class PacketRole {
    ordinary,         ///< belongs to what came before it
    tentative,        ///< a PAT, or a packet after it: keep it until one of the next two roles decides
    access_point,     ///< a key picture begins: the kept packets and this one begin a group of pictures
    not_access_point  ///< another picture begins: the kept packets and this one are ordinary
};

/// Finds, packet by packet, the points where a stream may be cut: a key picture together with the PAT that
/// precedes it.
class RandomAccessFinder {
  public:
    [[nodiscard]] PacketRole inspect(const std::uint8_t* packet);
    /// PTS of the picture that began last, wrapped.
    [[nodiscard]] StampTicks pts() const { return pts_; }
    /// Where the next picture is expected: as far on as this one was from the one before.
    [[nodiscard]] StampTicks next_pts() const { return pts_ + step_; }

  private:
    bool keeping_ = false;
    StampTicks pts_{}, step_{};
};

/// Lets a receiver that connects during the stream begin at a random access point, from its PAT on, so that
/// its decoder never sees half a group of pictures.
class JoinBuffer {
  public:
    /// Takes the next datagram. True if an access point lies in it.
    [[nodiscard]] bool inspect(const Datagram& datagram);
    /// The datagrams from the last access point's PAT up to the datagram that holds its key picture; usually
    /// none.
    [[nodiscard]] std::span<const Datagram> preceding() const { return preceding_; }

  private:
    RandomAccessFinder finder_;
    std::vector<Datagram> kept_, preceding_;
};

}  // namespace riverlight::player
