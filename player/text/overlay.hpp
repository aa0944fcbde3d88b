#pragma once
#include <cstdint>
#include <vector>

namespace riverlight::player {

/// A picture with transparency (premultiplied BGRA), to be blended over the canvas with its top left at (x,
/// y).
struct Overlay {
    int x = 0, y = 0, width = 0, height = 0;
    std::vector<std::uint8_t> bgra;  ///< width × 4 bytes a row, no padding
    [[nodiscard]] bool empty() const { return bgra.empty(); }
};

/// Several overlays as one, later ones above earlier ones; empty if all are.
[[nodiscard]] Overlay merge(const std::vector<Overlay>& overlays);

}  // namespace riverlight::player
