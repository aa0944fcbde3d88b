#pragma once
#include <future>
#include <memory>
#include <vector>

#include "player/av/av.hpp"
#include "player/canvas/cover.hpp"
#include "player/canvas/plate.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// Puts picture, subtitle and strap together. Composes anew only what changed since the frame before; text is
/// brought into the picture's colours once for each change. One thread.
class Canvas {
  public:
    explicit Canvas(Picture slate) : slate_(std::make_shared<Picture>(std::move(slate))) {}
    /// `slate` is waited for when it is first to be seen; what it throws comes then.
    explicit Canvas(std::future<Picture> slate) : coming_(std::move(slate)) {}
    /// The finished picture; valid until the next call. It is the piece's own, or the slate, with the texts
    /// laid into it, and what they cover is put back when another is composed: copying all of every picture
    /// costs more than all its texts. Nobody else may look at a piece's picture from here on.
    [[nodiscard]] const Picture& compose(const Piece& piece);
    /// The piece's texts over `under`, which stays as it is: others look at it meanwhile. A picture of the
    /// canvas's own, valid until the next call. Of pieces that compose() was not given.
    [[nodiscard]] const Picture& compose_over(const Picture& under, const Piece& piece);
    /// What is under the piece's texts.
    [[nodiscard]] const std::shared_ptr<Picture>& under(const Piece& piece) {
        return piece.picture ? piece.picture : slate();
    }

  private:
    [[nodiscard]] const std::shared_ptr<Picture>& slate();
    void draw_plates(const Piece& piece, const Picture& base);
    void lay_texts(const Piece& piece, const std::vector<int>& crawled, Picture& into) const;
    void keep_covered(const Piece& piece);

    std::future<Picture> coming_;
    std::shared_ptr<Picture> slate_;
    std::shared_ptr<Picture> base_;  // with its texts in it
    Cover cover_;                    // what they cover
    std::vector<int> crawled_;       // where the crawl stands in it
    std::shared_ptr<const Overlay> subtitle_, strap_, notice_;
    std::shared_ptr<const Crawl> crawl_;
    Plate subtitle_plate_, strap_plate_, notice_plate_, crawl_plate_;  // of those, for pictures of that size
    int width_ = 0, height_ = 0;
    Picture composed_;  // by compose_over
};

}  // namespace riverlight::player
