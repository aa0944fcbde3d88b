#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "player/av/file_writer.hpp"
#include "tools/author/examine.hpp"
#include "tools/author/film.hpp"

/// Ladders: the pictures of a segment once more, for screens that are worth more or less than the house's
/// 1280 × 720, or that decode a codec which takes half the bits.
namespace riverlight::author {

using player::FileCodec;

/// One step of a ladder. All are at the house's 25 a second.
struct Rung {
    const char* name;
    FilmSize size;
    FileCodec codec;
    int crf;
    std::int64_t most_bits;  ///< a second, over two seconds; 0: as many as the quality takes
};

/// The picture that each localisation has, whatever its ladder: what a board of the smallest kind decodes in
/// time without a decoder of the machine's.
inline constexpr Rung house_rung{"720p", {}, FileCodec::h264, 20, 0};

/// What `--ladder` may name. The quality is the house's, which on HEVC's scale lies 4 higher. It is what sets
/// the size of most films; the limits bind where water, crowds or grain fill the picture, so that a line, a
/// disk and a slow card can be reckoned with: HEVC's are near a half of what H.264 is allowed.
inline constexpr std::array rungs{
    Rung{"360p", {640, 360}, FileCodec::h264, 20, 1'000'000},          // a line of 2G, a small panel
    Rung{"540p", {960, 540}, FileCodec::h264, 20, 2'000'000},          // a tablet on a counter
    Rung{"720p-hevc", {1280, 720}, FileCodec::hevc, 24, 2'500'000},    // the house's size, a thin line
    Rung{"1080p", {1920, 1080}, FileCodec::h264, 20, 8'000'000},       // a wall that people stand before
    Rung{"1080p-hevc", {1920, 1080}, FileCodec::hevc, 24, 4'500'000},  // … whose board decodes HEVC
};
/// Their names for people, in order: `360p, 540p, …`.
[[nodiscard]] std::string rung_names();
/// Throws Error for a name that is none of them.
[[nodiscard]] const Rung& rung_named(const std::string& name);

/// As a manifest says it.
[[nodiscard]] std::string codec_text(player::FileCodec codec);

/// The steps asked for that the source gives, each once. Left out, and said to `progress`: what is larger
/// than a source's video, and where cards' texts do not fit.
[[nodiscard]] std::vector<Rung> rungs_for(const SegmentSource& source, const std::vector<Rung>& asked,
                                          const Progress& progress);

}  // namespace riverlight::author
