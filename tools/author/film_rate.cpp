#include "tools/author/film_rate.hpp"

namespace riverlight::author {
namespace {

constexpr int quick = 40;  // motions a second, between what 30 and 48 pictures a second have

}  // namespace

void MotionMeter::add(player::Ratio pts, bool interlaced) {
    const auto second = pts.num >= 0 ? pts.num / pts.den : 0;
    const int motions = interlaced ? 2 : 1;
    last_ = static_cast<double>(pts.num) / static_cast<double>(pts.den);
    if (second > second_) {
        quick_ += motions_ >= quick;
        seconds_ += second - second_;
        second_ = second;
        motions_ = 0;
    }
    // A picture's own time is not between the first and the last.
    if (motions_ == 0) first_ = last_;
    motions_ += motions;
}

FilmRate MotionMeter::rate() const {
    // Only a video of less than a second is judged by a part of one.
    if (seconds_ == 0)
        return last_ > first_ && static_cast<double>(motions_ - 1) / (last_ - first_) >= quick
                   ? FilmRate::hz50
                   : FilmRate::hz25;
    return quick_ > 0 && quick_ * 10 >= seconds_ ? FilmRate::hz50 : FilmRate::hz25;
}

}  // namespace riverlight::author
