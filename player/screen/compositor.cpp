#include "player/screen/compositor.hpp"

#include <array>
#include <cassert>

#include "player/av/raster.hpp"

namespace riverlight::player {

Compositor::Compositor(int rotate) : rotate_(rotate) {
    assert(rotate >= 0 && rotate < 360 && rotate % 90 == 0);
}

bool Compositor::put_texts_on_plane(Display& display, const Layers& layers) {
    assert(layers.picture);
    if (rotate_ != 0) return false;  // the plane is not turned
    if (on_plane_ && layers.strap == offered_strap_ && layers.subtitle == offered_subtitle_)
        return *on_plane_;
    offered_strap_ = layers.strap;
    offered_subtitle_ = layers.subtitle;
    const std::array<const Overlay*, 2> texts{offered_strap_.get(), offered_subtitle_.get()};
    on_plane_ = display.set_overlays(texts, layers.picture->width, layers.picture->height);
    return *on_plane_;
}

const Picture& Compositor::compose(const Layers& layers, bool with_texts) {
    assert(layers.picture);
    const auto& base = *layers.picture;
    if (with_texts && !canvas_) canvas_.emplace(black(base.width, base.height));
    Piece texts;
    texts.subtitle = layers.subtitle;
    texts.strap = layers.strap;
    const auto& whole = with_texts ? canvas_->compose_over(base, texts) : base;
    if (rotate_ == 0) return whole;
    rotate(whole, rotate_, turned_);
    return turned_;
}

}  // namespace riverlight::player
