#include "player/canvas/cover.hpp"

#include <algorithm>

namespace riverlight::player {
namespace {

/// Each row of the part, plane by plane: where it begins, and its bytes.
template <typename Plane, typename Row>
void each_row(Plane& plane, int stride, const Part& part, int scale, const Row& row) {
    for (int y = part.top / scale; y < part.bottom / scale; ++y)
        row(plane.data() + static_cast<std::ptrdiff_t>(y) * stride + part.left / scale,
            (part.right - part.left) / scale);
}
template <typename OfPicture, typename Row>
void each_row(OfPicture& picture, const Part& part, const Row& row) {
    each_row(picture.y, picture.width, part, 1, row);
    each_row(picture.u, picture.width / 2, part, 2, row);
    each_row(picture.v, picture.width / 2, part, 2, row);
}

}  // namespace

void Cover::keep(const Picture& picture, Part part) {
    part = {std::max(0, part.left), std::max(0, part.top), std::min(picture.width, part.right),
            std::min(picture.height, part.bottom)};
    if (part.empty()) return;
    if (kept_.empty()) bytes_.clear();
    kept_.push_back(part);
    each_row(picture, part,
             [&](const std::uint8_t* from, int count) { bytes_.insert(bytes_.end(), from, from + count); });
}

void Cover::put_back(Picture& picture) {
    const auto* from = bytes_.data();
    for (const auto& part : kept_)
        each_row(picture, part, [&](std::uint8_t* into, int count) {
            std::copy(from, from + count, into);
            from += count;
        });
    kept_.clear();
}

}  // namespace riverlight::player
