#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "player/av/coding.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// A kind of feed that TV partners take.
struct Profile {
    /// `720p25`, `576i25-mpeg2-ac3`: the format, then the codecs that differ from H.264 and Layer II.
    std::string name;
    Coding coding;
    Format format;                     ///< with its grid
    std::int64_t mux_rate = 0;         ///< of the whole transport stream, bit/s
    std::int64_t splice_fullness = 0;  ///< bits in the decoder's buffer when a rendition's first picture is
                                       ///< decoded, and at least as many after its last: so any rendition may
                                       ///< follow any other (player/feed/rendition_validator.hpp)
    std::int64_t reserve_bits = 0;     ///< buffer above `coding.buffer_bits`, used by the live encoder only:
                                       ///< it leaves the buffer as full as a rendition needs it
};

/// Throws Error that names the known formats and codecs.
[[nodiscard]] Profile profile_named(std::string_view name);
/// Every format with every codec.
[[nodiscard]] std::vector<std::string> profile_names();

}  // namespace riverlight::player
