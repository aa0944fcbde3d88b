#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "player/av/reader.hpp"
#include "player/source/source.hpp"

namespace riverlight::player {

/// Shared pictures whose memory returns to a pool when nobody shows them any more.
class SharedPictures {
  public:
    [[nodiscard]] std::shared_ptr<Picture> share(Picture picture);
    [[nodiscard]] std::shared_ptr<Picture> copy(const Picture& picture);
    [[nodiscard]] const std::shared_ptr<PicturePool>& pool() const { return pool_; }

  private:
    /// Shared with the pictures, which may outlive this object.
    std::shared_ptr<PicturePool> pool_ = std::make_shared<PicturePool>();
};

/// Decides which of a reader's pictures each outlet frame shows (FrameSelection). One thread.
class FramePictures {
  public:
    /// `reader` outlives this object; null: no picture.
    FramePictures(Reader* reader, const FrameSelection& selection);

    /// Sets the piece's picture to the one that frame `n` shows; false after the last picture. Call it in
    /// rising order of `n`.
    [[nodiscard]] bool next(std::int64_t n, Piece& piece);

  private:
    /// Makes the picture current that frame `n` of `selection` shows, and counts those passed over. True if
    /// it is another than before.
    bool advance(const FrameSelection& selection, std::int64_t n, Piece& piece);
    [[nodiscard]] std::int64_t total_frames() const;

    SharedPictures pictures_;
    Reader* reader_;
    FrameSelection selection_;
    Ratio last_pts_{0, 1};  ///< of the current picture
    std::optional<Reader::VideoFrame> following_;
    std::shared_ptr<Picture> current_;
    std::shared_ptr<Picture> shown_;  ///< by the last frame: current_, or its weave with the one before
};

}  // namespace riverlight::player
