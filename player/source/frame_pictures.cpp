#include "player/source/frame_pictures.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace riverlight::player {

std::shared_ptr<Picture> SharedPictures::share(Picture picture) {
    return {new Picture(std::move(picture)), [pool = pool_](Picture* released) {
                const std::unique_ptr<Picture> owned(released);
                pool->put(std::move(*owned));
            }};
}

std::shared_ptr<Picture> SharedPictures::copy(const Picture& picture) {
    auto own = pool_->take();
    own = picture;
    return share(std::move(own));
}

FramePictures::FramePictures(Reader* reader, const FrameSelection& selection)
    : reader_(reader), selection_(selection) {
    assert(selection.rate.num > 0);
    if (!reader_) return;
    reader_->use_pool(pictures_.pool());
    following_ = reader_->next_picture();
    const auto rate = reader_->facts().frame_rate;
    duration_ = rate.num > 0 ? Ratio{rate.den, rate.num} : Ratio{selection_.rate.den, selection_.rate.num};
}

bool FramePictures::next(std::int64_t n, Piece& piece) {
    bool fresh = false;
    while (following_ && (!current_ || selection_.frame_of(following_->pts) <= n)) {
        piece.skipped += following_->skipped + fresh;
        last_pts_ = following_->pts;
        current_ = pictures_.share(std::move(following_->picture));
        fresh = true;
        following_ = reader_->next_picture();
    }
    if (!current_ || (!following_ && n >= total_frames())) return false;
    piece.picture = current_;
    piece.repeated = !fresh;
    return true;
}

/// The media's length in outlet frames; known once the last picture is.
std::int64_t FramePictures::total_frames() const {
    assert(!following_);
    const double end =
        double(last_pts_.num) / double(last_pts_.den) + double(duration_.num) / double(duration_.den);
    return std::max<std::int64_t>(
        1, std::llround(end * double(selection_.rate.num) / double(selection_.rate.den)));
}

}  // namespace riverlight::player
