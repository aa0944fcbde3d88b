#include "player/av/codec_changes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "player/av/handles.hpp"

extern "C" {
#include <libavutil/crc.h>
}

namespace riverlight::player::av {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t packet_size = 188, header_size = 4;
/// No station changes its codecs more often in an hour; each change costs as much as opening a file.
constexpr std::size_t most_changes = 100;
constexpr std::uint8_t sync_byte = 0x47, programme_map = 0x02;

std::uint32_t number(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
    return value;
}

/// How the packets of a file lie.
struct PacketGrid {
    std::size_t first = 0,
                step = packet_size;  ///< bytes; a step may hold a time or a parity beside its packet
};

std::optional<PacketGrid> packet_grid_of(Bytes head) {
    constexpr std::size_t packets = 6;
    for (std::size_t first = 0; first < 1024; ++first) {
        for (const std::size_t step : {packet_size, packet_size + 4, packet_size + 16}) {
            bool all = true;
            for (std::size_t i = 0; i < packets && all; ++i)
                all = first + i * step < head.size() && head[first + i * step] == sync_byte;
            if (all) return PacketGrid{first, step};
        }
    }
    return {};
}

/// Of private data (stream type 6) descriptors name the codec: their tags, and the name that a registration
/// gives (ISO/IEC 13818-1, 2.6.8; ETSI EN 300 468, 6.1 and annex D).
std::uint32_t named_by_descriptors(Bytes descriptors) {
    constexpr std::uint8_t registration = 0x05;
    constexpr std::string_view codecs = "\x6A\x7A\x7B\x7C\x7F\x56\x59";
    for (std::size_t at = 0; at + 2 <= descriptors.size(); at += 2U + descriptors[at + 1]) {
        const auto tag = descriptors[at];
        if (tag == registration && descriptors[at + 1] >= 4 && at + 6 <= descriptors.size())
            return number(descriptors, at + 2, 4);
        if (codecs.find(static_cast<char>(tag)) != std::string_view::npos) return tag;
    }
    return 0;
}

/// The codecs of the PIDs, as the programme maps so far say.
class Codecs {
  public:
    /// True if a programme map, given with its CRC, contradicts the ones before.
    bool contradicts(Bytes map) {
        constexpr std::size_t fixed = 12, crc = 4, entry = 5;
        constexpr std::uint8_t private_data = 0x06;
        if (map.size() < fixed + crc || (map[5] & 1) == 0) return false;  // too short, or not valid yet
        if (av_crc(av_crc_get_table(AV_CRC_32_IEEE), 0xFFFFFFFF, map.data(), map.size()) != 0) return false;
        const auto end = map.size() - crc;
        bool differs = false;
        for (std::size_t at = fixed + (number(map, 10, 2) & 0xFFF); at + entry <= end;) {
            const std::size_t length = number(map, at + 3, 2) & 0xFFF;
            if (at + entry + length > end) break;
            std::uint64_t codec = map[at];
            if (codec == private_data)
                codec |= std::uint64_t{named_by_descriptors(map.subspan(at + entry, length))} << 8;
            const auto [known, added] = by_pid_.try_emplace(number(map, at + 1, 2) & 0x1FFF, codec);
            differs = differs || (!added && known->second != codec);
            known->second = codec;
            at += entry + length;
        }
        return differs;
    }

  private:
    std::map<std::uint32_t, std::uint64_t> by_pid_;
};

/// Puts programme maps together, which may be longer than a packet.
class MapReader {
  public:
    /// The next packet, at byte `place`. Returns the place where a contradicting map began.
    std::optional<std::int64_t> add(Bytes packet, std::int64_t place) {
        if (packet[0] != sync_byte || !(packet[3] & 0x10)) return {};
        const auto pid = number(packet, 1, 2) & 0x1FFF;
        const bool starts = packet[1] & 0x40;
        if (!starts && !open_.contains(pid)) return {};
        std::size_t at = header_size;
        if (packet[3] & 0x20) at += 1U + packet[4];
        if (starts && at < packet.size()) at += 1U + packet[at];
        if (at >= packet.size() || (starts && packet[at] != programme_map)) return {};
        auto& section = open_[pid];
        if (starts) section = {place, {}};
        section.bytes.insert(section.bytes.end(), packet.begin() + static_cast<std::ptrdiff_t>(at),
                             packet.end());
        if (section.bytes.size() < 3) return {};
        const std::size_t length = 3 + (number(section.bytes, 1, 2) & 0xFFF);
        if (section.bytes.size() < length) return {};
        const auto whole = std::move(open_.extract(pid).mapped());
        return codecs_.contradicts(Bytes(whole.bytes).first(length)) ? std::optional(whole.place)
                                                                     : std::nullopt;
    }

  private:
    struct Section {
        std::int64_t place = 0;
        std::vector<std::uint8_t> bytes;
    };
    std::map<std::uint32_t, Section> open_;  ///< by PID
    Codecs codecs_;
};

}  // namespace

std::vector<std::int64_t> codec_changes(VerifiedFile& file) {
    std::vector<std::uint8_t> block(VerifiedFile::block_size), bytes;
    std::optional<PacketGrid> grid;
    MapReader maps;
    std::vector<std::int64_t> places;
    std::int64_t begin = 0;       // of `bytes`
    std::size_t at = 0, got = 0;  // at: of the next packet, in `bytes`
    for (std::int64_t read = 0; (got = file.read(read, block)) > 0; read += static_cast<std::int64_t>(got)) {
        bytes.insert(bytes.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
        if (!grid) {
            grid = packet_grid_of(bytes);
            if (!grid) return {};
            at = grid->first;
        }
        while (at + packet_size <= bytes.size()) {
            if (bytes[at] != sync_byte) {  // joined inside a packet
                ++at;
                continue;
            }
            const auto place =
                maps.add(Bytes(bytes).subspan(at, packet_size), begin + static_cast<std::int64_t>(at));
            if (place && places.size() < most_changes) places.push_back(*place);
            at += grid->step;
        }
        const auto done = std::min(at, bytes.size());
        bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(done));
        begin += static_cast<std::int64_t>(done);
        at -= done;
    }
    return places;
}

}  // namespace riverlight::player::av
