#include "player/canvas/canvas.hpp"

namespace riverlight::player {

const std::shared_ptr<const Picture>& Canvas::slate() {
    if (!slate_) slate_ = std::make_shared<const Picture>(coming_.get());
    return slate_;
}

/// All pictures are of the outlet's size, as what is under the overlay is.
Plate Canvas::plate_for(const std::shared_ptr<const Overlay>& overlay) const {
    return overlay ? plate_of(*overlay, base_->width, base_->height) : Plate{};
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
    if (base_ && (base_->width != base->width || base_->height != base->height)) {
        subtitle_.reset();
        strap_.reset();
        subtitle_plate_ = strap_plate_ = {};
    }
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
