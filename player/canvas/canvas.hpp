#pragma once
#include <future>
#include <memory>
#include <vector>

#include "player/av/picture.hpp"
#include "player/canvas/save_under.hpp"
#include "player/canvas/yuv_overlay.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// Composes frames from picture, subtitle, strap, crawl and notice. Composes again only what changed since
/// the frame before, and converts a text once for each change. One thread.
class Canvas {
  public:
    explicit Canvas(Picture slate) : slate_(std::make_shared<Picture>(std::move(slate))) {}
    /// `slate` may still be being drawn: compose() waits for it when it is first shown, and throws what it
    /// throws.
    explicit Canvas(std::future<Picture> slate) : pending_slate_(std::move(slate)) {}
    /// The finished picture; valid until the next call. It is the piece's own picture, or the slate, with the
    /// texts blended into it; the pixels under them are restored when another picture is composed. (Copying
    /// every picture would cost more than all its texts.) From here on nobody else may read a piece's
    /// picture.
    [[nodiscard]] const Picture& compose(const Piece& piece);
    /// The piece's texts over a copy of `background`, for callers whose pictures others read meanwhile. Valid
    /// until the next call. Not for pieces that were given to compose().
    [[nodiscard]] const Picture& compose_over(const Picture& background, const Piece& piece);
    /// The picture under the piece's texts: its own, or the slate.
    [[nodiscard]] const std::shared_ptr<Picture>& background(const Piece& piece) {
        return piece.picture ? piece.picture : slate();
    }

  private:
    /// The texts of a frame, to detect changes.
    struct Texts {
        std::shared_ptr<const Overlay> subtitle, strap, notice;
        std::shared_ptr<const Crawl> crawl;
        bool operator==(const Texts&) const = default;
    };
    /// The same converted, for pictures of width × height.
    struct Converted {
        YuvOverlay subtitle, strap, notice, crawl;
        int width = 0, height = 0;
    };
    [[nodiscard]] static Texts texts_of(const Piece& piece);
    [[nodiscard]] const std::shared_ptr<Picture>& slate();
    void convert_texts(const Texts& texts, const Picture& base);
    void save_covered(const Piece& piece);
    void blend_texts(const Piece& piece, const std::vector<int>& crawl_positions, Picture& into) const;

    std::future<Picture> pending_slate_;
    std::shared_ptr<Picture> slate_;
    std::shared_ptr<Picture> base_;     ///< the picture that was composed last, with its texts
    SaveUnder covered_;                 ///< its pixels under them
    std::vector<int> crawl_positions_;  ///< where the crawl is in it
    Texts texts_;
    Converted converted_;
    Picture copy_;  ///< of compose_over()
};

}  // namespace riverlight::player
