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
    if (!piece.subtitle && !piece.strap && !piece.crawl) {
        base_ = base;
        subtitle_.reset();
        strap_.reset();
        crawl_.reset();
        subtitle_plate_ = strap_plate_ = crawl_plate_ = {};
        return *base_;
    }
    auto positions = piece.crawl ? piece.crawl->positions(piece.crawl_frame) : std::vector<int>{};
    const bool same = base == base_ && piece.subtitle == subtitle_ && piece.strap == strap_ &&
                      piece.crawl == crawl_ && positions == crawled_;
    if (same) return composed_;
    if (base_ && (base_->width != base->width || base_->height != base->height)) {
        subtitle_.reset();
        strap_.reset();
        crawl_.reset();
        subtitle_plate_ = strap_plate_ = crawl_plate_ = {};
    }
    base_ = base;
    if (piece.strap != strap_) strap_plate_ = plate_for(piece.strap);
    if (piece.subtitle != subtitle_) subtitle_plate_ = plate_for(piece.subtitle);
    if (piece.crawl != crawl_)
        crawl_plate_ =
            piece.crawl ? plate_of(piece.crawl->strip, piece.crawl->strip.width, base_->height) : Plate{};
    strap_ = piece.strap;
    subtitle_ = piece.subtitle;
    crawl_ = piece.crawl;
    crawled_ = std::move(positions);
    composed_ = *base_;
    lay_over(composed_, strap_plate_);
    for (const int x : crawled_) lay_part(composed_, crawl_plate_, x, crawl_->left, crawl_->right);
    lay_over(composed_, subtitle_plate_);
    return composed_;
}

}  // namespace riverlight::player
