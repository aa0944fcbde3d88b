#pragma once
#include <memory>

#include "player/av/av.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// Puts picture, subtitle and strap together. Composes anew only what changed since the frame before. One
/// thread.
class Canvas {
  public:
    explicit Canvas(Picture slate) : slate_(std::make_shared<const Picture>(std::move(slate))) {}
    /// The finished picture; valid until the next call.
    [[nodiscard]] const Picture& compose(const Piece& piece);

  private:
    std::shared_ptr<const Picture> slate_, base_;
    std::shared_ptr<const Overlay> subtitle_, strap_;
    Picture composed_;
};

}  // namespace riverlight::player
