#include "player/feed/cut_finder.hpp"

#include <utility>

#include "player/feed/tables.hpp"

namespace riverlight::player {
namespace {

constexpr std::int64_t wrap = std::int64_t{1} << 33;
constexpr std::size_t longest_opening = 8;  ///< datagrams from a PAT to its key picture; one or two are usual

std::size_t head_of(const std::uint8_t* p) {
    return p[3] & 0x20 ? 5U + p[4] : 4U;
}

std::int64_t stamp_of(const std::uint8_t* p) {
    return std::int64_t{p[0] >> 1 & 7} << 30 | p[1] << 22 | (p[2] >> 1) << 15 | p[3] << 7 | p[4] >> 1;
}

}  // namespace

CutFinder::Is CutFinder::look(const std::uint8_t* p) {
    const auto pid = pid_of(p);
    const bool payload = p[3] & 0x10, begins = p[1] & 0x40;
    if (pid == pid::pat && begins) {
        keeping_ = true;
        return Is::maybe;
    }
    if (pid != pid::video || !payload) return keeping_ ? Is::maybe : Is::plain;
    const auto head = head_of(p);
    if (begins && head + 14 <= packet_size) {
        const auto stamp = stamp_of(p + head + 9);
        step_ = (stamp - std::exchange(stamp_, stamp) + wrap) % wrap;
    }
    const bool key = begins && (p[3] & 0x20) && p[4] > 0 && (p[5] & 0x40);
    const bool kept = std::exchange(keeping_, false);
    if (key) return Is::opened;
    return kept ? Is::no_opener : Is::plain;
}

bool Opening::look(const Datagram& datagram) {
    auto last = CutFinder::Is::plain;
    bool opens = false, decided = false;
    for (std::size_t at = 0; at < datagram_size; at += packet_size) {
        last = finder_.look(datagram.bytes.data() + at);
        opens |= last == CutFinder::Is::opened;
        decided |= last == CutFinder::Is::opened || last == CutFinder::Is::no_opener;
    }
    if (opens) before_ = kept_;
    if (decided) kept_.clear();
    if (last == CutFinder::Is::maybe && kept_.size() < longest_opening) kept_.push_back(datagram);
    return opens;
}

}  // namespace riverlight::player
