#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "player/av/file_writer.hpp"
#include "tools/author/examine.hpp"
#include "tools/author/film.hpp"

/// Ladders: additional encodings of a segment's pictures, for screens that need more or less than the
/// standard 1280 × 720, or that decode HEVC, which needs about half the bits.
namespace riverlight::author {

using player::FileCodec;

/// One rung of a ladder. Those that `--ladder` names have 25 frames a second, which is what screens show.
struct Rung {
    const char* name;
    FilmSize size;
    FileCodec codec;
    int crf;
    std::int64_t most_bits;  ///< highest bits a second, averaged over two seconds; 0: no limit
};

/// The picture that every localisation has, with or without a ladder. The smallest board decodes it in real
/// time without a hardware decoder.
inline constexpr Rung standard_rung{"720p", {}, FileCodec::h264, 20, 0};

/// The rungs that `--ladder` accepts. All have the quality of the standard picture; the same quality has a
/// CRF that is 4 higher in HEVC. For most films the CRF sets the size. The bit-rate limits matter for water,
/// crowds or grain; they bound downloads, disk space and decoding. HEVC's limits are about half of H.264's.
inline constexpr std::array rungs{
    Rung{"360p", {640, 360}, FileCodec::h264, 20, 1'000'000},          // a 2G link, a small panel
    Rung{"540p", {960, 540}, FileCodec::h264, 20, 2'000'000},          // a tablet on a counter
    Rung{"720p-hevc", {1280, 720}, FileCodec::hevc, 24, 2'500'000},    // the standard size for a slow link
    Rung{"1080p", {1920, 1080}, FileCodec::h264, 20, 8'000'000},       // a large screen seen from near
    Rung{"1080p-hevc", {1920, 1080}, FileCodec::hevc, 24, 4'500'000},  // the same, if its board decodes HEVC
};
/// The names in order, for messages: `360p, 540p, …`.
[[nodiscard]] std::string rung_names();
/// Throws Error for an unknown name.
[[nodiscard]] const Rung& rung_named(const std::string& name);

/// The codec's name in a manifest.
[[nodiscard]] std::string codec_text(player::FileCodec codec);

/// The rungs of `asked` that the source allows, without duplicates. Leaves out rungs that are larger than the
/// source's video and rungs in which the cards' texts do not fit; reports each of them to `progress`.
[[nodiscard]] std::vector<Rung> rungs_for(const SegmentSource& source, const std::vector<Rung>& asked,
                                          const Progress& progress);

}  // namespace riverlight::author
