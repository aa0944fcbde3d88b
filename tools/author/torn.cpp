#include "tools/author/torn.hpp"

#include <algorithm>
#include <cstdio>

#include "content/base/error.hpp"
#include "tools/author/file_bytes.hpp"

namespace riverlight::author {
namespace {

using namespace std::chrono_literals;
using std::chrono::floor;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// Declared and decoded lengths differ by less in whole files: priming, padding, a last picture's length. A
/// file that was cut off misses something, be it a picture or a piece of sound.
constexpr microseconds length_slack = 150ms, cut_slack = 5ms;
constexpr std::string_view look = "look whether the end is complete, or export it again";

std::optional<std::uint64_t> missing_in_matroska(FileBytes& file) {
    for (std::uint64_t at = 0; at < file.size;) {
        const auto element = element_of(file.at(at));
        if (!element)
            return file.size - at < 12 ? std::optional<std::uint64_t>(1) : std::nullopt;  // no Matroska
        const auto data = at + element->header;
        if (element->size)
            if (const auto missing = file.missing_before(data + *element->size)) return missing;
        const bool enter = !element->size || element->id == matroska_segment;
        at = enter ? data : data + *element->size;
    }
    return {};
}

/// ISO/IEC 14496-12, 4.2.
std::optional<std::uint64_t> missing_in_mp4(FileBytes& file) {
    for (std::uint64_t at = 0; at < file.size;) {
        const auto head = file.at(at);
        if (head.size() < 8) return 8 - head.size();
        auto size = big_endian(head.first(4));
        if (size == 0) return {};  // to the end of the file
        if (size == 1) {
            if (head.size() < 16) return 16 - head.size();
            size = big_endian(head.subspan(8, 8));
        }
        if (size < 8) return {};  // no box
        if (const auto missing = file.missing_before(at + size)) return missing;
        at += size;
    }
    return {};
}

std::optional<std::uint64_t> missing_in_riff(FileBytes& file) {
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

std::optional<std::uint64_t> missing_in_packets(const FileBytes& file, std::uint64_t packet) {
    const auto rest = file.size % packet;
    return rest == 0 ? std::nullopt : std::optional(packet - rest);
}

std::string seconds_text(microseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2f s", std::chrono::duration<double>(time).count());
    return text;
}

/// Notes that `what` ends before the file says it does, by more than `slack`.
void add_missing(std::vector<quality::SegmentFinding>& findings, const std::string& path,
                 const std::string& what, microseconds declared, microseconds decoded, microseconds slack) {
    const auto missing = declared - decoded;
    if (missing <= slack) return;
    if (missing > std::max<microseconds>(1s, declared / 20))
        throw Error(path + ": says that its " + what + " lasts " + seconds_text(declared) +
                    ", and it ends after " + seconds_text(decoded) +
                    "; the file is torn: copy or export it again, whole");
    findings.push_back({quality::Defect::torn, "",
                        "the last " + seconds_text(missing) + " of its " + what + " are missing", false,
                        quality::Stretch{floor<milliseconds>(decoded), floor<milliseconds>(declared)},
                        std::string(look)});
}

}  // namespace

std::optional<std::uint64_t> missing_bytes(const std::string& path) {
    FileBytes file(path);
    const auto sync = [&](std::uint64_t at) { return has(file.at(at), 0, "G"); };
    const auto head = file.at(0);
    if (has(head, 0, "\x1A\x45\xDF\xA3")) return missing_in_matroska(file);
    if (has(head, 4, "ftyp") || has(head, 4, "moov") || has(head, 4, "mdat") || has(head, 4, "wide"))
        return missing_in_mp4(file);
    if (has(head, 0, "RIFF")) return missing_in_riff(file);
    if (sync(0) && sync(188) && sync(376)) return missing_in_packets(file, 188);
    if (sync(4) && sync(196) && sync(388)) return missing_in_packets(file, 192);
    return {};
}

std::optional<std::string> torn_text(const std::string& path) {
    try {
        if (const auto missing = missing_bytes(path))
            return path + ": is cut off: its container announces " + std::to_string(*missing) +
                   " bytes more; copy or export it again, whole";
    } catch (const Error&) {
        // Whoever could not open the file says why.
    }
    return {};
}

std::vector<quality::SegmentFinding> torn_findings(const std::string& path, const player::StreamFacts& facts,
                                                   const DecodedEnd& decoded) {
    const auto bytes = missing_bytes(path);
    const bool cut = bytes || decoded.within_a_piece;
    const auto slack = cut ? cut_slack : length_slack;
    std::vector<quality::SegmentFinding> findings;
    add_missing(findings, path, "picture", facts.picture_end, decoded.pictures, slack);
    add_missing(findings, path, "sound", facts.sound_end, decoded.sound, slack);
    if (facts.picture_end.count() == 0 && facts.sound_end.count() == 0)
        add_missing(findings, path, "picture and sound", facts.duration,
                    std::max(decoded.pictures, decoded.sound), slack);
    if (!findings.empty() || !cut) return findings;
    findings.push_back({quality::Defect::torn, "",
                        bytes
                            ? "is cut off: its container announces " + std::to_string(*bytes) + " bytes more"
                            : "is cut off within its last picture or sound",
                        false, std::nullopt, std::string(look)});
    return findings;
}

}  // namespace riverlight::author
