#include "player/canvas/save_under.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {
namespace {

/// Calls `row` with the start and the length of each row of the area, plane by plane.
template <typename Plane, typename Row>
void each_row(Plane& plane, int stride, const Rect& area, int scale, const Row& row) {
    for (int y = area.top / scale; y < area.bottom / scale; ++y)
        row(plane.data() + static_cast<std::ptrdiff_t>(y) * stride + area.left / scale,
            (area.right - area.left) / scale);
}
template <typename OfPicture, typename Row>
void each_row(OfPicture& picture, const Rect& area, const Row& row) {
    each_row(picture.y, picture.width, area, 1, row);
    each_row(picture.u, picture.width / 2, area, 2, row);
    each_row(picture.v, picture.width / 2, area, 2, row);
}

}  // namespace

void SaveUnder::save(const Picture& picture, Rect area) {
    area = {std::max(0, area.left), std::max(0, area.top), std::min(picture.width, area.right),
            std::min(picture.height, area.bottom)};
    if (area.empty()) return;
    assert(area.left % 2 == 0 && area.top % 2 == 0 && area.right % 2 == 0 && area.bottom % 2 == 0);
    if (areas_.empty()) bytes_.clear();
    areas_.push_back(area);
    each_row(picture, area,
             [&](const std::uint8_t* from, int count) { bytes_.insert(bytes_.end(), from, from + count); });
}

void SaveUnder::restore(Picture& picture) {
    const auto* from = bytes_.data();
    for (const auto& area : areas_)
        each_row(picture, area, [&](std::uint8_t* into, int count) {
            std::copy(from, from + count, into);
            from += count;
        });
    assert(areas_.empty() || from == bytes_.data() + bytes_.size());
    areas_.clear();
}

}  // namespace riverlight::player
