#include "player/canvas/canvas.hpp"

#include <cassert>

namespace riverlight::player {
namespace {

std::vector<int> crawl_positions_of(const Piece& piece) {
    return piece.crawl ? piece.crawl->positions(piece.crawl_frame) : std::vector<int>{};
}

Rect area_of(const YuvOverlay& overlay) {
    return {overlay.x, overlay.y, overlay.x + overlay.width, overlay.y + overlay.height};
}

}  // namespace

Canvas::Texts Canvas::texts_of(const Piece& piece) {
    return {piece.subtitle, piece.strap, piece.notice, piece.crawl};
}

const std::shared_ptr<Picture>& Canvas::slate() {
    if (!slate_) slate_ = std::make_shared<Picture>(pending_slate_.get());
    return slate_;
}

/// Converts the texts that changed. All pictures have the outlet's size, which the texts are drawn for.
void Canvas::convert_texts(const Texts& texts, const Picture& base) {
    const bool resized = converted_.width != base.width || converted_.height != base.height;
    converted_.width = base.width;
    converted_.height = base.height;
    const auto convert = [&](const std::shared_ptr<const Overlay>& overlay) {
        return overlay ? to_yuv(*overlay, base.width, base.height) : YuvOverlay{};
    };
    if (resized || texts.strap != texts_.strap) converted_.strap = convert(texts.strap);
    if (resized || texts.subtitle != texts_.subtitle) converted_.subtitle = convert(texts.subtitle);
    if (resized || texts.notice != texts_.notice) converted_.notice = convert(texts.notice);
    if (resized || texts.crawl != texts_.crawl)
        converted_.crawl =
            texts.crawl ? to_yuv(texts.crawl->strip, texts.crawl->strip.width, base.height) : YuvOverlay{};
    texts_ = texts;
}

void Canvas::save_covered(const Piece& piece) {
    covered_.save(*base_, area_of(converted_.strap));
    if (piece.crawl) {
        const auto& strip = converted_.crawl;
        covered_.save(*base_, {piece.crawl->left, strip.y, piece.crawl->right, strip.y + strip.height});
    }
    covered_.save(*base_, area_of(converted_.subtitle));
    covered_.save(*base_, area_of(converted_.notice));
}

void Canvas::blend_texts(const Piece& piece, const std::vector<int>& crawl_positions, Picture& into) const {
    blend(into, converted_.strap);
    for (const int x : crawl_positions)
        blend_columns(into, converted_.crawl, x, piece.crawl->left, piece.crawl->right);
    blend(into, converted_.subtitle);
    blend(into, converted_.notice);
}

const Picture& Canvas::compose(const Piece& piece) {
    const auto& base = background(piece);
    assert(base);
    auto crawl_positions = crawl_positions_of(piece);
    const auto texts = texts_of(piece);
    if (base == base_ && texts == texts_ && crawl_positions == crawl_positions_) return *base_;
    // A picture that nobody else holds will not be shown again.
    if (base_ && (base_ == base || base_.use_count() > 1)) covered_.restore(*base_);
    covered_.clear();
    base_ = base;
    crawl_positions_ = std::move(crawl_positions);
    convert_texts(texts, *base_);
    save_covered(piece);
    blend_texts(piece, crawl_positions_, *base_);
    return *base_;
}

const Picture& Canvas::compose_over(const Picture& background, const Piece& piece) {
    copy_ = background;
    convert_texts(texts_of(piece), copy_);
    blend_texts(piece, crawl_positions_of(piece), copy_);
    return copy_;
}

}  // namespace riverlight::player
