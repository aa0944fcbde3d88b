#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "player/av/coded.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// A kind of feed that TV partners take.
struct Profile {
    std::string
        name;  ///< `720p25`, `576i25-mpeg2-ac3`: the format, then what differs from H.264 and Layer II
    Coding coding;
    Format format;              ///< the beat, with its grid
    std::int64_t mux_rate = 0;  ///< of the whole transport stream, bit/s
    /// What the decoder's buffer holds when a rendition's first picture is taken, and again, at least, after
    /// its last: so any may follow any (player/feed/rendition.hpp).
    std::int64_t join_fullness = 0;
    /// Buffer above `coding.buffer_bits` that only the live encoder uses up, so that it owes nothing at a
    /// join.
    std::int64_t reserve_bits = 0;
};

/// Throws Error that names the known formats and codecs.
[[nodiscard]] Profile profile_named(std::string_view name);
/// Every format with every codec.
[[nodiscard]] std::vector<std::string> profile_names();

}  // namespace riverlight::player
