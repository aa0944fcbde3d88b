#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "player/av/reader.hpp"
#include "player/text/engine.hpp"
#include "tools/author/source.hpp"
#include "tools/quality/finding.hpp"

/// Produces a segment's pictures at 25 frames a second, from a video file or from cards in one language.
namespace riverlight::author {

inline constexpr int film_width = 1280, film_height = 720;
inline constexpr int film_rate = 25;
struct FilmSize {
    int width = film_width, height = film_height;  ///< even
};
using TakePicture = std::function<void(const player::Picture&)>;

/// Maps a video's pictures to frames of the film: each picture is shown from the frame nearest to its time.
class FilmClock {
  public:
    /// Adds the next picture, at `pts` seconds. Returns the number of frames before it.
    std::int64_t picture(player::Ratio pts);
    /// The number of frames. Throws Error if there was no picture, or if `corrupt` (pieces that did not
    /// decode) is above 0.
    /// `until`: when the last picture ends, in seconds.
    [[nodiscard]] std::int64_t end(const std::string& path, player::Ratio until, std::int64_t corrupt) const;

  private:
    std::int64_t made_ = 0, pictures_ = 0;
};

/// Decodes the whole file and calls `take` for each frame at 25 frames a second, repeating or dropping
/// pictures of other rates, scaled into `size` with their aspect kept. Returns the number of frames. Throws
/// Error if any part does not decode.
std::int64_t film_video(const std::string& path, const TakePicture& take, FilmSize size = {});

/// Draws the cards in `locale`, each with a slow zoom and a cross-fade to the next. Returns the number of
/// frames.
std::int64_t film_cards(const CardDeck& deck, const Wording& words, const std::string& locale,
                        const TakePicture& take, FilmSize size = {});

/// One card without motion, at the film's size.
[[nodiscard]] player::Picture card_picture(const CardDeck& deck, const Card& card, const Wording& words,
                                           const std::string& locale);

/// Card texts that cannot be shown at that size, which stop a build; empty if all can.
[[nodiscard]] std::vector<quality::SegmentFinding> text_faults(const CardDeck& deck, const Wording& words,
                                                               const std::string& locale, FilmSize size = {});

}  // namespace riverlight::author
