#include "player/canvas/fader.hpp"

#include <algorithm>
#include <cassert>

namespace riverlight::player {
namespace {

/// Compilers vectorize this loop: sixteen bits hold every product and its rounding.
void darken(const std::vector<std::uint8_t>& plane, std::uint8_t black, unsigned shown,
            std::vector<std::uint8_t>& into) {
    assert(shown <= 256);
    into.resize(plane.size());
    const auto part = static_cast<std::uint16_t>(shown);
    const auto rest = static_cast<std::uint16_t>(black * (256 - shown) + 128);
    for (std::size_t i = 0; i < plane.size(); ++i)
        into[i] = static_cast<std::uint8_t>(static_cast<std::uint16_t>(plane[i] * part + rest) >> 8);
}

}  // namespace

const Picture& Fader::apply(const Picture& picture, int shown) {
    if (shown >= 256) return picture;
    const auto part = static_cast<unsigned>(std::max(0, shown));
    faded_.width = picture.width;
    faded_.height = picture.height;
    darken(picture.y, 16, part, faded_.y);
    darken(picture.u, 128, part, faded_.u);
    darken(picture.v, 128, part, faded_.v);
    return faded_;
}

}  // namespace riverlight::player
