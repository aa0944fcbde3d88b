#include "player/canvas/canvas.hpp"

namespace riverlight::player {

/// All pictures are of the outlet's size, as the slate is.
Plate Canvas::plate_for(const std::shared_ptr<const Overlay>& overlay) const {
    return overlay ? plate_of(*overlay, slate_->width, slate_->height) : Plate{};
}

const Picture& Canvas::compose(const Piece& piece) {
    const auto& base = under(piece);
    if (!piece.subtitle && !piece.strap) {
        base_ = base;
        subtitle_.reset();
        strap_.reset();
        subtitle_plate_ = strap_plate_ = {};
        return *base_;
    }
    if (base == base_ && piece.subtitle == subtitle_ && piece.strap == strap_) return composed_;
    base_ = base;
    if (piece.strap != strap_) strap_plate_ = plate_for(piece.strap);
    if (piece.subtitle != subtitle_) subtitle_plate_ = plate_for(piece.subtitle);
    strap_ = piece.strap;
    subtitle_ = piece.subtitle;
    composed_ = *base_;
    lay_over(composed_, strap_plate_);
    lay_over(composed_, subtitle_plate_);
    return composed_;
}

}  // namespace riverlight::player
