#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "player/av/handles.hpp"

/// How libavfilter converts a decoded picture to the canvas format: deinterlacing, rotation, scaling,
/// letterbox, colour conversion, tone mapping. Only player/av includes this.
namespace riverlight::player::av {

/// A picture's colour space as its file says (ITU-T H.273); where the file says nothing, as players guess.
struct ColourSpace {
    enum class Matrix { bt601, bt709, bt2020 };
    enum class Transfer { sdr, pq, hlg };  ///< PQ: SMPTE ST 2084; HLG: ARIB STD-B67, common in phones
    Matrix matrix = Matrix::bt709;
    Transfer transfer = Transfer::sdr;
    bool full_range = false;  ///< black is 0 and white 255, not 16 and 235
    bool rgb = false;
    bool operator==(const ColourSpace&) const = default;
};
[[nodiscard]] ColourSpace colour_space_of(const AVFrame& frame);

struct Size {
    int width = 0, height = 0;
    bool operator==(const Size&) const = default;
};

/// How to show a picture upright: flip it horizontally first, then rotate it clockwise.
struct Orientation {
    bool flipped = false;
    int quarter_turns = 0;  ///< 0–3
    bool operator==(const Orientation&) const = default;
    [[nodiscard]] bool swaps_sides() const { return quarter_turns & 1; }
    /// This one, and then the other.
    [[nodiscard]] Orientation then(Orientation next) const;
};
/// A display matrix (ISO/IEC 14496-12, 8.3.2), as libav keeps it.
using DisplayMatrix = std::array<std::int32_t, 9>;
/// Reads a display matrix, of any alignment; null: upright.
[[nodiscard]] Orientation orientation_of(const std::uint8_t* matrix);
/// The display matrix that orientation_of() reads as this orientation.
[[nodiscard]] DisplayMatrix display_matrix_of(Orientation orientation);

/// The format of a decoded picture: all that decides how it is converted.
struct PictureFormat {
    int width = 0, height = 0;
    AVPixelFormat pixel_format = AV_PIX_FMT_NONE;
    int pixel_width = 1, pixel_height = 1;  ///< sample aspect ratio, 1:5 to 5:1
    Orientation orientation;
    bool interlaced = false;
    ColourSpace colours;
    bool operator==(const PictureFormat&) const = default;
    /// Takes the sample aspect ratio, or 1:1 where it is unknown or beyond 5:1.
    void set_sample_aspect(AVRational aspect);
    /// Upright, with square pixels, even; large enough that no line or column is lost.
    [[nodiscard]] Size display_size() const;
};
[[nodiscard]] PictureFormat format_of(const AVFrame& frame);

/// What becomes of an interlaced picture: one picture, or one of each field, which keeps all its motion.
enum class Deinterlace { frames, fields };
/// libavfilter's description of the conversion: deinterlaced, upright, scaled into `canvas` with the aspect
/// kept and black bars, 8-bit 4:2:0, BT.709 limited range. No canvas: the picture's display size.
[[nodiscard]] std::string filter_chain(const PictureFormat& format, std::optional<Size> canvas,
                                       Deinterlace deinterlace = Deinterlace::frames);

}  // namespace riverlight::player::av
