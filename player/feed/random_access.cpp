#include "player/feed/random_access.hpp"

#include <cassert>
#include <utility>

#include "player/feed/tables.hpp"

namespace riverlight::player {
namespace {

/// Datagrams from a PAT to its key picture. One or two are usual.
constexpr std::size_t max_kept = 8;

}  // namespace

PacketRole RandomAccessFinder::inspect(const std::uint8_t* packet) {
    const auto pid = pid_of(packet);
    if (pid == pid::pat && starts_unit(packet)) {
        keeping_ = true;
        return PacketRole::tentative;
    }
    if (pid != pid::video || !has_payload(packet))
        return keeping_ ? PacketRole::tentative : PacketRole::ordinary;
    if (const auto pts = pts_of(packet)) step_ = stamp_distance(std::exchange(pts_, *pts), *pts);
    const bool kept = std::exchange(keeping_, false);
    if (starts_unit(packet) && is_random_access(packet)) return PacketRole::access_point;
    return kept ? PacketRole::not_access_point : PacketRole::ordinary;
}

bool JoinBuffer::inspect(const Datagram& datagram) {
    auto role = PacketRole::ordinary;
    bool access_point = false, decided = false;
    for (std::size_t at = 0; at < datagram_size; at += packet_size) {
        role = finder_.inspect(datagram.bytes.data() + at);
        access_point |= role == PacketRole::access_point;
        decided |= role == PacketRole::access_point || role == PacketRole::not_access_point;
    }
    if (access_point) preceding_ = kept_;
    if (decided) kept_.clear();
    if (role == PacketRole::tentative && kept_.size() < max_kept) kept_.push_back(datagram);
    assert(kept_.size() <= max_kept);
    return access_point;
}

}  // namespace riverlight::player
