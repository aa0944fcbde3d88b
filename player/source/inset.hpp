#pragma once
#include "player/source/source.hpp"

namespace riverlight::player {

/// Where an interpreter stands in a canvas, pixels, all even.
struct InsetBox {
    int x = 0, y = 0, width = 0, height = 0;
    friend bool operator==(const InsetBox&, const InsetBox&) = default;
};

/// A sixth of the canvas, the least at which signs are read (Ofcom, Code on Television Access Services, 2017,
/// Annex 4, on the presentation of signing, which also has it at the right); less only where the safe area
/// has not that much room. Of a landscape canvas at the bottom, `lift` pixels above the safe area's end (a
/// strap), subtitles at its left; of a portrait one at the top. `width` × `height`: the interpreter's own
/// picture, whose aspect is kept.
[[nodiscard]] InsetBox inset_box(const Format& canvas, int width, int height, int lift);

/// How many columns at the canvas's right subtitles stay out of.
[[nodiscard]] int kept_free(const Format& canvas, const InsetBox& box);

/// Replaces a part of the picture by `inset`, which is of the box's size.
void lay_inset(Picture& picture, const Picture& inset, const InsetBox& box);

}  // namespace riverlight::player
