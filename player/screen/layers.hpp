#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "player/av/picture.hpp"
#include "player/text/overlay.hpp"

namespace riverlight::player {

/// A frame to be composed: a picture and the texts over it, from bottom to top. Any text may be null. Shared,
/// because each is shown for many frames.
struct Layers {
    std::shared_ptr<const Picture> picture;
    std::shared_ptr<const Overlay> strap, subtitle;
};

/// A rectangle of a picture, in pixels.
struct Area {
    int x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
    friend bool operator==(const Area&, const Area&) = default;
};

/// The smallest area that holds all texts, clipped to a picture of that size; empty if none is visible.
[[nodiscard]] Area bounding_area(std::span<const Overlay* const> texts, int picture_width,
                                 int picture_height);

/// Blends the texts, from bottom to top, clipped to `area`, into ARGB8888 memory (bytes B, G, R, A,
/// premultiplied); transparent where there is no text. `into` is the area's first pixel, `stride` the bytes
/// from row to row. Writes each byte once and reads none: a display's memory is slow to read.
void draw_overlays(std::span<const Overlay* const> texts, const Area& area, std::uint8_t* into,
                   std::size_t stride);

}  // namespace riverlight::player
