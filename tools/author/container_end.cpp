#include "tools/author/container_end.hpp"

#include <algorithm>
#include <map>

#include "tools/author/file_bytes.hpp"
#include "tools/author/packet_end.hpp"

namespace riverlight::author {
namespace {

using std::chrono::microseconds;
using Missing = std::optional<std::uint64_t>;

Missing missing_in_matroska(FileBytes& file) {
    for (std::uint64_t at = 0; at < file.size;) {
        const auto element = element_of(file.at(at));
        if (!element) return file.size - at < 12 ? Missing(1) : std::nullopt;  // no Matroska
        const auto data = at + element->header;
        if (element->size)
            if (const auto missing = file.missing_before(data + *element->size)) return missing;
        const bool enter = !element->size || element->id == matroska_segment;
        at = enter ? data : data + *element->size;
    }
    return {};
}

/// ISO/IEC 14496-12, 4.2.
Missing missing_in_mp4(FileBytes& file) {
    for (std::uint64_t at = 0; at < file.size;) {
        const auto head = file.at(at);
        if (head.size() < 8) return 8 - head.size();
        auto size = big_endian(head.first(4));
        if (size == 0) return {};  // to the end of the file
        if (size == 1) {
            if (head.size() < 16) return 16 - head.size();
            size = big_endian(head.subspan(8, 8));
        }
        if (size < 8) return {};                                    // no box
        if (size > file.size - at) return size - (file.size - at);  // `at` + size may be beyond 64 bits
        at += size;
    }
    return {};
}

Missing missing_in_riff(FileBytes& file) {
    for (std::uint64_t at = 0; at + 8 <= file.size;) {
        const auto head = file.at(at);
        if (!has(head, 0, "RIFF")) return {};
        const auto size = little_endian(head.subspan(4, 4));
        // Written to a pipe, or by a program that never came back to its header: 0, 2^31 − 1, 2^32 − 1, less
        // what is not data. A recording of that size lasts for hours.
        if (size == 0 || size >= 0x7FFFF000) return {};
        if (const auto missing = file.missing_before(at + 8 + size)) return missing;
        at += 8 + size + (size & 1);
    }
    return {};
}

Missing missing_in_packets(FileBytes& file, std::uint64_t packet, std::uint64_t first) {
    if (const auto rest = file.size % packet; rest > 0) return packet - rest;
    return ends_within_a_pes_packet(file, packet, first) ? Missing(1) : std::nullopt;
}

/// RFC 3533, 6: pages, of which the last one of each stream says so.
Missing missing_in_ogg(FileBytes& file) {
    constexpr std::uint64_t header = 27;
    constexpr std::uint8_t last_of_stream = 4;
    std::map<std::uint64_t, bool> ended;  // by serial number
    for (std::uint64_t at = 0; at < file.size;) {
        const auto head = file.at(at);
        if (!has(head, 0, "OggS")) return head.size() < 4 ? Missing(1) : std::nullopt;
        if (const auto missing = file.missing_before(at + header)) return missing;
        ended[little_endian(head.subspan(14, 4))] = head[5] & last_of_stream;
        const std::uint64_t segments = file.at(at + header - 1)[0];
        std::uint64_t size = header + segments;
        for (std::uint64_t i = 0; i < segments; i += FileBytes::most) {
            const auto sizes = file.at(at + header + i);
            for (const auto each : sizes.first(std::min<std::size_t>(sizes.size(), segments - i)))
                size += each;
        }
        if (const auto missing = file.missing_before(at + size)) return missing;
        at += size;
    }
    const bool all = std::all_of(ended.begin(), ended.end(), [](const auto& each) { return each.second; });
    return all ? std::nullopt : Missing(1);
}

constexpr std::string_view mxf_key("\x06\x0E\x2B\x34", 4);
constexpr std::string_view mxf_partition("\x06\x0E\x2B\x34\x02\x05\x01\x01\x0D\x01\x02\x01\x01", 13);

/// SMPTE ST 377-1, 6.3 and 7.1: keys, lengths and values; the header says where the footer is.
Missing missing_in_mxf(FileBytes& file) {
    constexpr std::uint64_t key_bytes = 16, footer_at = 24;
    constexpr std::uint8_t first_kind = 2, last_kind = 4;  // header, body and footer, no primer pack
    for (std::uint64_t at = 0; at < file.size;) {
        const auto head = file.at(at);
        if (!has(head, 0, mxf_key)) return head.size() < mxf_key.size() ? Missing(1) : std::nullopt;
        if (head.size() <= key_bytes) return key_bytes + 1 - head.size();
        std::uint64_t length = head[key_bytes], bytes = 1;
        if (length & 0x80) {
            bytes += length & 0x7F;
            if (bytes > 8 || head.size() < key_bytes + bytes) return {};
            length = big_endian(head.subspan(key_bytes + 1, bytes - 1));
        }
        const auto value = at + key_bytes + bytes;
        if (const auto missing = file.missing_before(value + length)) return missing;
        if (has(head, 0, mxf_partition) && head[13] >= first_kind && head[13] <= last_kind) {
            const auto partition = file.at(value + footer_at);
            const auto footer = partition.size() >= 8 ? big_endian(partition.first(8)) : 0;
            if (footer >= file.size) return footer - file.size + 1;
        }
        at = value + length;
    }
    return {};
}

constexpr std::string_view asf_header("\x30\x26\xB2\x75\x8E\x66\xCF\x11", 8);
constexpr std::string_view asf_properties("\xA1\xDC\xAB\x8C\x47\xA9\xCF\x11", 8);

/// Microsoft's Advanced Systems Format 1.2, 3.1 and 3.2: the header object holds the file properties.
ContainerEnd end_of_asf(FileBytes& file) {
    constexpr std::uint64_t object_bytes = 24, first_in_header = 30;
    constexpr std::uint64_t size_at = 40, play_at = 64, preroll_at = 80, flags_at = 88;
    constexpr std::uint64_t broadcast = 1, a_day = 86'400'000'000;
    const auto end = little_endian(file.at(16).first(8));
    for (std::uint64_t at = first_in_header; at < std::min(end, file.size);) {
        const auto head = file.at(at);
        if (head.size() < object_bytes) return {1, {}};
        const auto size = little_endian(head.subspan(16, 8));
        if (size < object_bytes) return {};
        const bool properties = has(head, 0, asf_properties);
        if (properties && at + flags_at + 4 <= file.size) {
            if (little_endian(file.at(at + flags_at).first(4)) & broadcast) return {};
            const auto whole = little_endian(file.at(at + size_at).first(8));
            const auto play = little_endian(file.at(at + play_at).first(8)) / 10;   // microseconds
            const auto preroll = little_endian(file.at(at + preroll_at).first(8));  // milliseconds
            ContainerEnd found{file.missing_before(whole), {}};
            if (play < a_day && preroll < play / 1000)
                found.length = microseconds(static_cast<std::int64_t>(play - preroll * 1000));
            return found;
        }
        if (size > file.size - at) return {size - (file.size - at), {}};
        at += size;
    }
    return {};
}

/// Adobe's FLV file format 10.1, annex E.
Missing missing_in_flv(FileBytes& file) {
    constexpr std::uint64_t tag_header = 11, size_before = 4;
    for (auto at = big_endian(file.at(0).subspan(5, 4)) + size_before; at < file.size;) {
        const auto head = file.at(at);
        if (head.size() < tag_header) return tag_header - head.size();
        at += tag_header + big_endian(head.subspan(1, 3)) + size_before;
        if (const auto missing = file.missing_before(at)) return missing;
    }
    return {};
}

}  // namespace

ContainerEnd container_end(const std::string& path) {
    FileBytes file(path);
    const auto sync = [&](std::uint64_t at) { return has(file.at(at), 0, "G"); };
    const auto head = file.at(0);
    if (has(head, 0, "\x1A\x45\xDF\xA3")) return {missing_in_matroska(file), {}};
    if (has(head, 4, "ftyp") || has(head, 4, "moov") || has(head, 4, "mdat") || has(head, 4, "wide"))
        return {missing_in_mp4(file), {}};
    if (has(head, 0, "RIFF")) return {missing_in_riff(file), {}};
    if (has(head, 0, "OggS")) return {missing_in_ogg(file), {}};
    if (has(head, 0, mxf_partition)) return {missing_in_mxf(file), {}};
    const bool has_header = head.size() == FileBytes::most;
    if (has_header && has(head, 0, asf_header)) return end_of_asf(file);
    if (has_header && has(head, 0, "FLV\1")) return {missing_in_flv(file), {}};
    if (sync(0) && sync(188) && sync(376)) return {missing_in_packets(file, 188, 0), {}};
    if (sync(4) && sync(196) && sync(388)) return {missing_in_packets(file, 192, 4), {}};
    return {};
}

}  // namespace riverlight::author
