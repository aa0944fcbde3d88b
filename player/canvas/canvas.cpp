#include "player/canvas/canvas.hpp"

namespace riverlight::player {

const Picture& Canvas::compose(const Piece& piece) {
    const auto& base = piece.picture ? piece.picture : slate_;
    if (!piece.subtitle && !piece.strap) {
        base_ = base;
        subtitle_.reset();
        strap_.reset();
        return *base_;
    }
    if (base == base_ && piece.subtitle == subtitle_ && piece.strap == strap_) return composed_;
    base_ = base;
    subtitle_ = piece.subtitle;
    strap_ = piece.strap;
    composed_ = *base_;
    for (const auto& overlay : {strap_, subtitle_}) {
        if (overlay && !overlay->empty())
            lay_over(composed_, overlay->bgra.data(), overlay->x, overlay->y, overlay->width,
                     overlay->height);
    }
    return composed_;
}

}  // namespace riverlight::player
