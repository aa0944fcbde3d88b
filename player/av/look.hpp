#pragma once
#include <string>

#include "player/av/handles.hpp"

/// What the numbers of a decoded picture mean, and what makes them the house's. Only player/av includes this.
namespace riverlight::player::av {

/// As the file says (ITU-T H.273), or, where it does not, as players guess.
struct Colours {
    enum class Matrix { bt601, bt709, bt2020 };
    enum class Curve { sdr, pq, hlg };  ///< SMPTE ST 2084; ARIB STD-B67: phones film in them
    Matrix matrix = Matrix::bt709;
    Curve curve = Curve::sdr;
    bool full = false;  ///< black is 0 and white 255, not 16 and 235
    bool rgb = false;
    bool operator==(const Colours&) const = default;
};
[[nodiscard]] Colours colours_of(const AVFrame& frame);

struct Size {
    int width = 0, height = 0;
    bool operator==(const Size&) const = default;
};

/// How a picture is to be seen: mirrored first, left for right, then turned by quarters, clockwise.
struct Stance {
    bool mirrored = false;
    int turns = 0;
    bool operator==(const Stance&) const = default;
    [[nodiscard]] bool sideways() const { return turns & 1; }
};
/// Of a display matrix (ISO/IEC 14496-12, 8.3.2; nine numbers); null: as it is.
[[nodiscard]] Stance stance_of(const std::uint8_t* matrix);

/// What of a picture decides how it is made into the house's.
struct Look {
    int width = 0, height = 0, format = -1;
    int pixel_across = 1, pixel_down = 1;  ///< the aspect of a pixel, from 1:5 to 5:1
    Stance stance;
    bool interlaced = false;
    Colours colours;
    bool operator==(const Look&) const = default;
    void set_pixel(AVRational aspect);
    /// Upright, with square pixels, even: none of its lines or columns are lost.
    [[nodiscard]] Size own_size() const;
};
[[nodiscard]] Look look_of(const AVFrame& frame);

/// In libavfilter's words: deinterlaced, turned upright, fitted into width × height with its aspect kept, in
/// the middle of black, 8-bit 4:2:0, BT.709 limited. 0 × 0: its own size.
[[nodiscard]] std::string chain_for(const Look& look, int width, int height);

}  // namespace riverlight::player::av
