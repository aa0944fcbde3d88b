#pragma once
#include "player/source/source.hpp"

namespace riverlight::player {

/// An interpreter's box in a canvas, in pixels, all even.
struct InsetBox {
    int x = 0, y = 0, width = 0, height = 0;
    friend bool operator==(const InsetBox&, const InsetBox&) = default;
};

/// The box at the canvas's right: a sixth of the canvas, the smallest size at which signs are legible (Ofcom,
/// Code on Television Access Services, 2017, Annex 4); smaller only where the safe area has no room. On a
/// landscape canvas at the bottom, `lift` pixels above the end of the safe area (a strap), with subtitles at
/// its left; on a portrait canvas at the top. `width` × `height`: the interpreter's own picture, whose aspect
/// is kept.
[[nodiscard]] InsetBox inset_box(const Format& canvas, int width, int height, int lift);

/// How many columns at the canvas's right subtitles must stay out of.
[[nodiscard]] int reserved_columns(const Format& canvas, const InsetBox& box);

/// Replaces the box of the picture by `inset`, which has the box's size.
void draw_inset(Picture& picture, const Picture& inset, const InsetBox& box);

}  // namespace riverlight::player
