#include "tools/author/joined.hpp"

#include "content/base/error.hpp"
#include "tools/author/file_bytes.hpp"

namespace riverlight::author {
namespace {

using Offset = std::optional<std::uint64_t>;

/// RFC 8794, 4.5 and 8.1: one document has one EBML header, at its begin.
Offset second_matroska(FileBytes& file) {
    for (std::uint64_t at = 0; at < file.size;) {
        const auto element = element_of(file.at(at));
        if (!element) return {};
        if (at > 0 && element->id == ebml_header) return at;
        const bool enter = !element->size || element->id == matroska_segment;
        at += element->header + (enter ? 0 : *element->size);
    }
    return {};
}

/// ISO/IEC 14496-12, 8.2.1: one `moov`. The second file begins with its `ftyp`, if it has one.
Offset second_mp4(FileBytes& file) {
    bool begun = false;
    Offset type;
    for (std::uint64_t at = 0; at < file.size;) {
        const auto head = file.at(at);
        if (head.size() < 16) return {};
        auto size = big_endian(head.first(4));
        if (size == 1) size = big_endian(head.subspan(8, 8));
        if (size < 8 || size > file.size) return {};  // to the end of the file, no box, or torn
        if (has(head, 4, "ftyp") && at > 0) type = at;
        if (has(head, 4, "moov")) {
            if (begun) return type ? type : at;
            begun = true;
        }
        at += size;
    }
    return {};
}

/// Adobe's FLV file format 10.1, annex E: a header of `length` bytes, then the size of the tag before and a
/// tag, again and again.
Offset second_flv(FileBytes& file) {
    constexpr std::uint64_t tag_header = 11, size_before = 4;
    const auto length = big_endian(file.at(0).subspan(5, 4));
    for (std::uint64_t at = length + size_before; at < file.size;) {
        const auto head = file.at(at);
        if (has(head, 0, "FLV\1")) return at;
        if (head.size() < tag_header) return {};
        at += tag_header + big_endian(head.subspan(1, 3)) + size_before;
    }
    return {};
}

constexpr std::string_view asf_begin = "\x30\x26\xB2\x75\x8E\x66\xCF\x11";  // of the header object

/// Microsoft's Advanced Systems Format 1.2, 2.1 and 2.2: objects of a GUID and a size, one header object.
Offset second_asf(FileBytes& file) {
    for (std::uint64_t at = 0; at < file.size;) {
        const auto head = file.at(at);
        if (head.size() < 24) return {};
        if (at > 0 && has(head, 0, asf_begin)) return at;
        const auto size = little_endian(head.subspan(16, 8));
        if (size < 24 || size > file.size) return {};
        at += size;
    }
    return {};
}

/// WAV (RIFF) and AIFF (FORM): one chunk holds the whole file, but for a pad byte.
Offset second_chunk(FileBytes& file, std::string_view name) {
    const auto bytes = file.at(0).subspan(4, 4);
    const auto size = name == "RIFF" ? little_endian(bytes) : big_endian(bytes);
    for (const auto end : {8 + size, 8 + size + (size & 1)})
        if (has(file.at(end), 0, name)) return end;
    return {};
}

}  // namespace

std::optional<std::uint64_t> second_file_in(const std::string& path) {
    FileBytes file(path);
    const auto head = file.at(0);
    if (head.size() < FileBytes::most) return {};
    if (has(head, 0, "\x1A\x45\xDF\xA3")) return second_matroska(file);
    if (has(head, 4, "ftyp") || has(head, 4, "moov") || has(head, 4, "mdat") || has(head, 4, "wide"))
        return second_mp4(file);
    if (has(head, 0, "FLV\1")) return second_flv(file);
    if (has(head, 0, asf_begin)) return second_asf(file);
    if (has(head, 0, "RIFF") && has(head, 8, "WAVE")) return second_chunk(file, "RIFF");
    if (has(head, 0, "FORM") && has(head, 8, "AIF")) return second_chunk(file, "FORM");
    return {};
}

void refuse_joined(const std::string& path) {
    if (const auto at = second_file_in(path))
        throw Error(
            path + ": holds a second file, from byte " + std::to_string(*at) +
            " on, which no player shows: files of this kind cannot be joined by copying one behind the "
            "other; join them in a video editor, or make a segment of each");
}

}  // namespace riverlight::author
