#include "player/screen/layers.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

namespace riverlight::player {
namespace {

/// Blends one row of a text over `row` (premultiplied alpha, Porter-Duff "over").
void blend_over(std::vector<std::uint8_t>& row, int x, int y, const Overlay& text) {
    if (y < text.y || y >= text.y + text.height) return;
    const int width = static_cast<int>(row.size() / 4);
    const int left = std::max(x, text.x), right = std::min(x + width, text.x + text.width);
    for (int at = left; at < right; ++at) {
        const auto offset = (static_cast<std::ptrdiff_t>(y - text.y) * text.width + (at - text.x)) * 4;
        const auto* over = text.bgra.data() + offset;
        auto* under = row.data() + static_cast<std::ptrdiff_t>(at - x) * 4;
        const unsigned through = 255U - over[3];
        for (int c = 0; c < 4; ++c) {
            const unsigned t = under[c] * through + 128;
            under[c] = static_cast<std::uint8_t>(std::min(255U, over[c] + ((t + (t >> 8)) >> 8)));
        }
    }
}

}  // namespace

Area bounding_area(std::span<const Overlay* const> texts, int picture_width, int picture_height) {
    int left = picture_width, top = picture_height, right = 0, bottom = 0;
    for (const auto* text : texts) {
        if (!text || text->empty()) continue;
        left = std::min(left, std::max(0, text->x));
        top = std::min(top, std::max(0, text->y));
        right = std::max(right, std::min(picture_width, text->x + text->width));
        bottom = std::max(bottom, std::min(picture_height, text->y + text->height));
    }
    if (left >= right || top >= bottom) return {};
    return {left, top, right - left, bottom - top};
}

void draw_overlays(std::span<const Overlay* const> texts, const Area& area, std::uint8_t* into,
                   std::size_t stride) {
    if (area.empty()) return;
    assert(into && stride >= static_cast<std::size_t>(area.width) * 4);
    std::vector<std::uint8_t> row(static_cast<std::size_t>(area.width) * 4);
    for (int y = 0; y < area.height; ++y) {
        std::fill(row.begin(), row.end(), std::uint8_t{0});
        for (const auto* text : texts)
            if (text && !text->empty()) blend_over(row, area.x, area.y + y, *text);
        std::copy(row.begin(), row.end(), into + static_cast<std::size_t>(y) * stride);
    }
}

}  // namespace riverlight::player
