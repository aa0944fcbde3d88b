#include "player/text/overlay.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace riverlight::player {
namespace {

/// Composites premultiplied pixels with the "over" operator.
void composite(const Overlay& from, Overlay& into) {
    assert(from.x >= into.x && from.y >= into.y && from.bgra.size() <= into.bgra.size());
    for (int row = 0; row < from.height; ++row) {
        const auto* source = from.bgra.data() + static_cast<std::ptrdiff_t>(row) * from.width * 4;
        auto* target =
            into.bgra.data() +
            (static_cast<std::ptrdiff_t>(from.y - into.y + row) * into.width + (from.x - into.x)) * 4;
        for (int i = 0; i < from.width * 4; i += 4) {
            const int through = 255 - source[i + 3];
            for (int k = 0; k < 4; ++k)
                target[i + k] =
                    static_cast<std::uint8_t>(source[i + k] + (target[i + k] * through + 127) / 255);
        }
    }
}

}  // namespace

Overlay merge(const std::vector<Overlay>& overlays) {
    Overlay out;
    int right = 0, bottom = 0;
    bool first = true;
    for (const auto& o : overlays) {
        if (o.empty()) continue;
        out.x = first ? o.x : std::min(out.x, o.x);
        out.y = first ? o.y : std::min(out.y, o.y);
        right = std::max(right, o.x + o.width);
        bottom = std::max(bottom, o.y + o.height);
        first = false;
    }
    if (first) return out;
    out.width = right - out.x;
    out.height = bottom - out.y;
    out.bgra.assign(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 4, 0);
    for (const auto& o : overlays)
        if (!o.empty()) composite(o, out);
    return out;
}

}  // namespace riverlight::player
