#pragma once
#include <future>
#include <memory>

#include "player/av/av.hpp"
#include "player/canvas/plate.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// Puts picture, subtitle and strap together. Composes anew only what changed since the frame before; text is
/// brought into the picture's colours once for each change. One thread.
class Canvas {
  public:
    explicit Canvas(Picture slate) : slate_(std::make_shared<const Picture>(std::move(slate))) {}
    /// `slate` is waited for when it is first to be seen; what it throws comes then.
    explicit Canvas(std::future<Picture> slate) : coming_(std::move(slate)) {}
    /// The finished picture; valid until the next call.
    [[nodiscard]] const Picture& compose(const Piece& piece);
    /// What is under the piece's texts.
    [[nodiscard]] const std::shared_ptr<const Picture>& under(const Piece& piece) {
        return piece.picture ? piece.picture : slate();
    }

  private:
    [[nodiscard]] const std::shared_ptr<const Picture>& slate();
    [[nodiscard]] Plate plate_for(const std::shared_ptr<const Overlay>& overlay) const;

    std::future<Picture> coming_;
    std::shared_ptr<const Picture> slate_, base_;
    std::shared_ptr<const Overlay> subtitle_, strap_;
    std::shared_ptr<const Crawl> crawl_;
    Plate subtitle_plate_, strap_plate_, crawl_plate_;  // of those
    std::vector<int> crawled_;                          // where crawl_ stood
    Picture composed_;
};

}  // namespace riverlight::player
