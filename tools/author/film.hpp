#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "player/av/reader.hpp"
#include "player/text/engine.hpp"
#include "tools/author/film_rate.hpp"
#include "tools/author/source.hpp"
#include "tools/quality/finding.hpp"

/// Produces a segment's pictures from a video file, at 25 or 50 frames a second, or from cards in one
/// language.
namespace riverlight::author {

inline constexpr int film_width = 1280, film_height = 720;
/// Of cards, interpreters and a ladder's pictures. A segment lasts whole frames of it, at any rate.
inline constexpr int film_rate = 25;
struct FilmSize {
    int width = film_width, height = film_height;  ///< even
};
/// What a video becomes.
struct FilmShape {
    FilmSize size{};
    FilmRate rate = FilmRate::hz25;
    /// Where it ends, whether its last picture stands until then or others follow; absent: with its pictures.
    std::optional<std::chrono::milliseconds> length{};
    bool segmented = false;  ///< see player::MediaLimits
};
using TakePicture = std::function<void(const player::Picture&)>;

/// Maps a video's pictures to frames of the film: each picture is shown from the frame nearest to its time.
class FilmClock {
  public:
    explicit FilmClock(FilmRate rate = FilmRate::hz25) : rate_(frames_a_second(rate)) {}
    /// Adds the next picture, at `pts` seconds. Returns the number of frames before it.
    std::int64_t picture(player::Ratio pts);
    /// The film's length, which is the same at each rate. Throws Error if there was no picture, or if
    /// `corrupt` (pieces that did not decode) is above 0. `until`: when the last picture ends, in seconds.
    [[nodiscard]] std::chrono::milliseconds end(const std::string& path, player::Ratio until,
                                                std::int64_t corrupt) const;

  private:
    int rate_;
    std::int64_t made_ = 0, pictures_ = 0;
};

/// Decodes the whole file and calls `take` for each frame of the film, repeating or dropping pictures of
/// other rates, scaled with their aspect kept. At 50 frames a second each field of an interlaced picture is
/// one. Returns the number of frames. Throws Error if any part does not decode.
std::int64_t film_video(const std::string& path, const TakePicture& take, const FilmShape& shape = {});

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
