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

namespace {

void weave_plane(std::vector<std::uint8_t>& into, const std::vector<std::uint8_t>& bottom, int width) {
    assert(into.size() == bottom.size() && width > 0);
    const auto row = static_cast<std::size_t>(width);
    for (auto at = row; at + row <= into.size(); at += row * 2)
        std::copy_n(bottom.begin() + static_cast<std::ptrdiff_t>(at), row,
                    into.begin() + static_cast<std::ptrdiff_t>(at));
}

/// Replaces the lines of the bottom field by those of `bottom`.
void weave(Picture& into, const Picture& bottom) {
    assert(into.width == bottom.width && into.height == bottom.height);
    weave_plane(into.y, bottom.y, into.width);
    weave_plane(into.u, bottom.u, into.width / 2);
    weave_plane(into.v, bottom.v, into.width / 2);
}

}  // namespace

FramePictures::FramePictures(Reader* reader, const FrameSelection& selection)
    : reader_(reader), selection_(selection) {
    assert(selection.rate.num > 0);
    if (!reader_) return;
    reader_->use_pool(pictures_.pool());
    following_ = reader_->next_picture();
}

bool FramePictures::advance(const FrameSelection& selection, std::int64_t n, Piece& piece) {
    bool fresh = false;
    while (following_ && (!current_ || selection.frame_of(following_->pts) <= n)) {
        piece.skipped += following_->skipped + fresh;
        last_pts_ = following_->pts;
        current_ = pictures_.share(std::move(following_->picture));
        fresh = true;
        following_ = reader_->next_picture();
    }
    return fresh;
}

bool FramePictures::next(std::int64_t n, Piece& piece) {
    const bool woven = selection_.fields && reader_ && reader_->moves_in_fields();
    bool fresh = woven ? advance(selection_.of_fields(), n * 2, piece) : advance(selection_, n, piece);
    auto top = current_;
    if (woven) fresh |= advance(selection_.of_fields(), n * 2 + 1, piece);
    if (!current_ || (!following_ && n >= total_frames())) return false;
    if (fresh && woven) {
        // Where the last frame showed it, a canvas may be drawing texts into it.
        if (top == shown_) top = current_;
        shown_ = pictures_.copy(*top);
        if (top != current_) weave(*shown_, *current_);
    } else if (fresh) {
        shown_ = current_;
    }
    piece.picture = shown_;
    piece.repeated = !fresh;
    return true;
}

/// The media's length in outlet frames; known once the last picture is.
std::int64_t FramePictures::total_frames() const {
    assert(!following_);
    const auto duration = reader_->picture_duration();
    const double end =
        double(last_pts_.num) / double(last_pts_.den) + double(duration.num) / double(duration.den);
    return std::max<std::int64_t>(
        1, std::llround(end * double(selection_.rate.num) / double(selection_.rate.den)));
}

}  // namespace riverlight::player
