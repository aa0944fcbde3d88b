#include "player/canvas/canvas.hpp"

namespace riverlight::player {
namespace {

std::vector<int> positions_of(const Piece& piece) {
    return piece.crawl ? piece.crawl->positions(piece.crawl_frame) : std::vector<int>{};
}

Part part_of(const Plate& plate) {
    return {plate.x, plate.y, plate.x + plate.width, plate.y + plate.height};
}

}  // namespace

const std::shared_ptr<Picture>& Canvas::slate() {
    if (!slate_) slate_ = std::make_shared<Picture>(coming_.get());
    return slate_;
}

/// Anew for what is not the same as before. All pictures are of the outlet's size, as texts are made for.
void Canvas::draw_plates(const Piece& piece, const Picture& base) {
    const bool resized = width_ != base.width || height_ != base.height;
    width_ = base.width;
    height_ = base.height;
    const auto plate = [&](const std::shared_ptr<const Overlay>& overlay) {
        return overlay ? plate_of(*overlay, base.width, base.height) : Plate{};
    };
    if (resized || piece.strap != strap_) strap_plate_ = plate(piece.strap);
    if (resized || piece.subtitle != subtitle_) subtitle_plate_ = plate(piece.subtitle);
    if (resized || piece.notice != notice_) notice_plate_ = plate(piece.notice);
    if (resized || piece.crawl != crawl_)
        crawl_plate_ =
            piece.crawl ? plate_of(piece.crawl->strip, piece.crawl->strip.width, base.height) : Plate{};
    strap_ = piece.strap;
    subtitle_ = piece.subtitle;
    notice_ = piece.notice;
    crawl_ = piece.crawl;
}

void Canvas::keep_covered(const Piece& piece) {
    cover_.keep(*base_, part_of(strap_plate_));
    if (piece.crawl)
        cover_.keep(*base_, {piece.crawl->left, crawl_plate_.y, piece.crawl->right,
                             crawl_plate_.y + crawl_plate_.height});
    cover_.keep(*base_, part_of(subtitle_plate_));
    cover_.keep(*base_, part_of(notice_plate_));
}

void Canvas::lay_texts(const Piece& piece, const std::vector<int>& crawled, Picture& into) const {
    lay_over(into, strap_plate_);
    for (const int x : crawled) lay_part(into, crawl_plate_, x, piece.crawl->left, piece.crawl->right);
    lay_over(into, subtitle_plate_);
    lay_over(into, notice_plate_);
}

const Picture& Canvas::compose(const Piece& piece) {
    const auto& base = under(piece);
    auto crawled = positions_of(piece);
    const bool same = base == base_ && piece.subtitle == subtitle_ && piece.strap == strap_ &&
                      piece.notice == notice_ && piece.crawl == crawl_ && crawled == crawled_;
    if (same) return *base_;
    // A picture that nobody else holds is over.
    if (base_ && (base_ == base || base_.use_count() > 1)) cover_.put_back(*base_);
    cover_.forget();
    base_ = base;
    crawled_ = std::move(crawled);
    draw_plates(piece, *base_);
    keep_covered(piece);
    lay_texts(piece, crawled_, *base_);
    return *base_;
}

const Picture& Canvas::compose_over(const Picture& under, const Piece& piece) {
    composed_ = under;
    draw_plates(piece, composed_);
    lay_texts(piece, positions_of(piece), composed_);
    return composed_;
}

}  // namespace riverlight::player
