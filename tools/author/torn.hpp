#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "player/av/reader.hpp"
#include "tools/quality/finding.hpp"

/// Whether a media file was cut off: copied from a full card, or recorded until the power failed. A spot's
/// hotline number stands at its end, so that nothing of it may be missing in silence.
namespace riverlight::author {

/// Why a file that cannot be opened is torn; nothing if it is not, or if it cannot be read.
[[nodiscard]] std::optional<std::string> torn_text(const std::string& path);

/// How many bytes more than it has the file's container announces: Matroska (also live, without a length),
/// MP4, RIFF (AVI, WAV), MPEG-TS (of 188 or 192 bytes a packet). Nothing for a whole file, and for other
/// containers. Throws Error where the file cannot be read.
[[nodiscard]] std::optional<std::uint64_t> missing_bytes(const std::string& path);

/// How long what decoded lasts, from the file's origin.
struct DecodedEnd {
    std::chrono::microseconds pictures{};  ///< 0: it has none
    std::chrono::microseconds sound{};     ///< 0: it has none
    bool within_a_piece = false;           ///< the file ends within a picture or a piece of sound
};

/// What is missing at the end of the file: by its streams' declared lengths, and by its container. A note
/// each; where bytes are missing, it says how much of picture and of sound, to a picture. Throws Error for a
/// file that misses more than a second and more than a twentieth.
[[nodiscard]] std::vector<quality::SegmentFinding> torn_findings(const std::string& path,
                                                                 const player::StreamFacts& facts,
                                                                 const DecodedEnd& decoded);

}  // namespace riverlight::author
