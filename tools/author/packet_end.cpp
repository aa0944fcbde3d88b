#include "tools/author/packet_end.hpp"

#include <algorithm>
#include <map>

namespace riverlight::author {
namespace {

/// No picture takes more bytes.
constexpr std::uint64_t end_of_file = 8U << 20;
constexpr std::uint64_t packet_bytes = 188, header_bytes = 4, pes_header_bytes = 6;

/// The last PES packet of a stream, as far as the file goes.
struct Open {
    std::uint64_t announced = 0;  ///< bytes; 0: it does not say
    std::uint64_t found = 0;
    bool stuffed = false;
    [[nodiscard]] bool is_whole() const { return announced > 0 ? found >= announced : stuffed; }
};

/// A packet's adaptation field.
struct Adaptation {
    std::uint64_t bytes = 0;
    bool stuffed = false;
};

Adaptation adaptation_of(Bytes head) {
    if (!(head[3] & 0x20)) return {};
    const std::uint64_t length = head[4];
    if (length == 0) return {1, true};
    constexpr std::uint8_t pcr = 0x10, opcr = 0x08, splice = 0x04, others = 0x03;
    const auto flags = head[5];
    const std::uint64_t used =
        1U + (flags & pcr ? 6U : 0U) + (flags & opcr ? 6U : 0U) + (flags & splice ? 1U : 0U);
    return {1 + length, !(flags & others) && length > used};
}

/// Stream ids of sound and pictures (ISO/IEC 13818-1, table 2-22), with private and extended ones.
bool is_media(std::uint8_t id) {
    return (id >= 0xC0 && id <= 0xEF) || id == 0xBD || id == 0xFD;
}

}  // namespace

bool ends_within_a_pes_packet(FileBytes& file, std::uint64_t packet, std::uint64_t first) {
    std::map<std::uint64_t, Open> streams;  // by PID
    const auto packets = (file.size - std::min(file.size, first)) / packet;
    const auto from = packets - std::min(packets, end_of_file / packet);
    for (auto i = from; i < packets; ++i) {
        const auto at = first + i * packet;
        const auto head = file.at(at);
        if (head.size() < header_bytes + 2 || head[0] != 'G') return false;
        const auto pid = big_endian(head.subspan(1, 2)) & 0x1FFF;
        const bool starts = head[1] & 0x40, has_payload = head[3] & 0x10;
        const auto [adaptation, stuffed] = adaptation_of(head);
        const auto before = header_bytes + adaptation;
        if (!has_payload || before >= packet_bytes) continue;
        if (starts) {
            streams.erase(pid);
            const auto pes = file.at(at + before);
            if (!has(pes, 0, std::string_view("\0\0\1", 3)) || pes.size() < pes_header_bytes ||
                !is_media(pes[3]))
                continue;
            const auto length = big_endian(pes.subspan(4, 2));
            streams[pid].announced = length > 0 ? length + pes_header_bytes : 0;
        }
        const auto open = streams.find(pid);
        if (open == streams.end()) continue;
        open->second.found += packet_bytes - before;
        open->second.stuffed = stuffed;
    }
    return std::any_of(streams.begin(), streams.end(),
                       [](const auto& each) { return !each.second.is_whole(); });
}

}  // namespace riverlight::author
