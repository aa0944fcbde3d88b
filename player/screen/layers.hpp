#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "player/av/av.hpp"
#include "player/text/text.hpp"

namespace riverlight::player {

/// A frame as it is put together: a picture, and the texts over it, the lower first. Any text may be null.
/// Shared: each stands for many frames.
struct Layers {
    std::shared_ptr<const Picture> picture;
    std::shared_ptr<const Overlay> strap, subtitle;
};

/// A part of a picture, pixels.
struct Area {
    int x = 0, y = 0, width = 0, height = 0;
    [[nodiscard]] bool empty() const { return width <= 0 || height <= 0; }
    friend bool operator==(const Area&, const Area&) = default;
};

/// The smallest area that holds all texts, cut to a picture of that size; empty where nothing is seen.
[[nodiscard]] Area area_of(std::span<const Overlay* const> texts, int picture_width, int picture_height);

/// Draws what of the texts lies in `area` over each other, the first undermost, into 32-bit memory, B, G, R,
/// alpha, premultiplied; clear where there is none. `into` is the area's first pixel, `stride` the bytes of a
/// row. Writes each byte once and reads none of it: a display's memory is slow to read.
void paint(std::span<const Overlay* const> texts, const Area& area, std::uint8_t* into, std::size_t stride);

}  // namespace riverlight::player
