#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "player/file/verified_file.hpp"

namespace riverlight::player::av {

/// A stream as an AVI file describes it (`strh`). Time counts in units of scale / rate seconds.
struct AviStream {
    std::uint32_t scale = 0, rate = 0;
    std::uint32_t start = 0;        ///< of its first chunk, in units
    std::uint32_t sample_size = 0;  ///< bytes of a unit; 0: each chunk is one
};

/// A piece of a stream.
struct AviChunk {
    std::size_t stream = 0;
    std::uint32_t bytes = 0;  ///< 0: a unit in which nothing comes
    std::int64_t at = 0;      ///< of its first byte, in the file
};

/// What an AVI file (also OpenDML) holds, without what is in it.
struct AviLayout {
    std::vector<AviStream> streams;
    std::vector<AviChunk> chunks;   ///< in the file's order, where libav wrote it
    bool written_by_libav = false;  ///< with starts of 0: libavformat's muxer knows no other
};

/// Reads the headers of streams and chunks; of a file that was cut off, those that are left. Throws
/// MediaFileError.
[[nodiscard]] AviLayout read_avi_layout(VerifiedFile& file);

}  // namespace riverlight::player::av
