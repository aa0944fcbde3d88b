#pragma once
#include <cstdint>

#include "player/av/ratio.hpp"

namespace riverlight::author {

/// The frames a second of a segment's pictures, one of the two that outlets of 25 and 50 Hz show evenly.
enum class FilmRate : std::uint8_t { hz25, hz50 };
[[nodiscard]] constexpr int frames_a_second(FilmRate rate) {
    return rate == FilmRate::hz50 ? 50 : 25;
}

/// Counts the motions of a video: its pictures, and both fields of each interlaced one. A video that moves 40
/// times or more a second has a film of 50 frames a second. Native 50i and 50p keep all their motions then,
/// 59.94 and 60 Hz five of six; 25 frames would lose half and more. Videos of 24 to 30 pictures keep theirs
/// in 25. One thread.
class MotionMeter {
  public:
    /// The next picture, at `pts` seconds from the file's origin. `interlaced`: it holds two fields.
    void add(player::Ratio pts, bool interlaced);
    /// Of the pictures so far. Less than a tenth of the video counts for nothing: a phone that was busy
    /// catches up in a burst.
    [[nodiscard]] FilmRate rate() const;

  private:
    std::int64_t second_ = 0;               ///< from the origin: the one that is being counted
    std::int64_t motions_ = 0;              ///< in it
    double first_ = 0, last_ = 0;           ///< its first and last picture, seconds
    std::int64_t seconds_ = 0, quick_ = 0;  ///< that were counted; those with 40 motions or more
};

}  // namespace riverlight::author
