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

/// As ContainerEnd::missing.
[[nodiscard]] std::optional<std::uint64_t> missing_bytes(const std::string& path);

/// How long what decoded lasts, from the file's origin.
struct DecodedEnd {
    std::chrono::microseconds pictures{};  ///< 0: it has none
    std::chrono::microseconds sound{};     ///< 0: it has none
    bool within_a_piece = false;           ///< the file ends within a picture or a piece of sound
};

/// Whether a file of that format (StreamFacts::container) says how long it is: what was cut off of others
/// shows in nothing but their ends.
[[nodiscard]] bool says_its_length(const std::string& container);

/// What is missing at the end of the file: by its streams' declared lengths, and by its container. A note
/// each; it says when the last picture and the last sound end, and of how much if the file says it. Throws
/// Error for a file that misses more than a second and more than a twentieth.
[[nodiscard]] std::vector<quality::SegmentFinding> torn_findings(const std::string& path,
                                                                 const player::StreamFacts& facts,
                                                                 const DecodedEnd& decoded);

}  // namespace riverlight::author
