#include "player/source/inset.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace riverlight::player {
namespace {

void copy_plane(std::vector<std::uint8_t>& into, int stride, const std::vector<std::uint8_t>& from,
                const InsetBox& box, int scale) {
    const int width = box.width / scale;
    for (std::ptrdiff_t row = 0; row < box.height / scale; ++row)
        std::copy_n(from.data() + row * width, width,
                    into.data() + (row + box.y / scale) * stride + box.x / scale);
}

int even(double size) {
    return static_cast<int>(size) & ~1;
}

}  // namespace

InsetBox inset_box(const Format& canvas, int width, int height, int lift) {
    const double aspect = double(std::max(1, width)) / std::max(1, height);
    const double left = canvas.width * 0.05, top = canvas.height * 0.05;
    const double room_across = canvas.width * 0.9, room_down = canvas.height * 0.9 - lift;
    const double area = double(canvas.width) * canvas.height / 6;
    // Rounded up to even pixels, so that it is at least a sixth.
    double across = std::sqrt(area * aspect), down = across / aspect;
    const double fit = std::min({1.0, room_across / across, room_down / down});
    InsetBox box;
    box.width = even(std::min(room_across, across * fit + 1.999));
    box.height = even(std::min(room_down, down * fit + 1.999));
    box.x = even(left + room_across - box.width);
    box.y = canvas.height > canvas.width ? even(top) : even(top + room_down - box.height);
    return box;
}

int reserved_columns(const Format& canvas, const InsetBox& box) {
    if (canvas.height > canvas.width) return 0;  // subtitles are below it
    return canvas.width - box.x + canvas.width / 60;
}

void draw_inset(Picture& picture, const Picture& inset, const InsetBox& box) {
    assert(inset.width == box.width && inset.height == box.height);
    assert(box.x >= 0 && box.x + box.width <= picture.width && box.y + box.height <= picture.height);
    copy_plane(picture.y, picture.width, inset.y, box, 1);
    copy_plane(picture.u, picture.width / 2, inset.u, box, 2);
    copy_plane(picture.v, picture.width / 2, inset.v, box, 2);
}

}  // namespace riverlight::player
