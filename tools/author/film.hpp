#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "player/av/reader.hpp"
#include "player/text/engine.hpp"
#include "tools/author/source.hpp"

/// Pictures of a segment, one by one at 25 a second: of a video file, or of cards in one language.
namespace riverlight::author {

inline constexpr int film_width = 1280, film_height = 720;
inline constexpr int film_rate = 25;
struct FilmSize {
    int width = film_width, height = film_height;  ///< even
};
using TakePicture = std::function<void(const player::Picture&)>;

/// Which of the film's frames show which of a video's pictures: each is shown from the frame nearest to it.
class FilmClock {
  public:
    /// The next picture is at `pts` seconds: how many frames go before it, in all.
    std::int64_t picture(player::Ratio pts);
    /// Frames in all. Throws Error where there was no picture, where `corrupt` of them did not decode, or
    /// where the file ends long before it says.
    [[nodiscard]] std::int64_t end(const std::string& path, const player::StreamFacts& facts,
                                   std::int64_t corrupt) const;

  private:
    std::int64_t made_ = 0, pictures_ = 0;
    double last_ = 0, step_ = 0;
};

/// Decodes the whole file and gives pictures at the house's rate, repeating or leaving out where the file's
/// own differs, scaled into `size` with their aspect kept; returns how many. Throws Error where anything in
/// it does not decode.
std::int64_t film_video(const std::string& path, const TakePicture& take, FilmSize size = {});

/// Draws the cards in `locale`, each with a gentle move and a soft change to the next.
std::int64_t film_cards(const CardDeck& deck, const Wording& words, const std::string& locale,
                        const TakePicture& take, FilmSize size = {});

/// One card at rest, as large as the film.
[[nodiscard]] player::Picture card_picture(const CardDeck& deck, const Card& card, const Wording& words,
                                           const std::string& locale);

/// What text of the cards cannot be shown at that size, as sentences; empty if all can.
[[nodiscard]] std::vector<std::string> text_faults(const CardDeck& deck, const Wording& words,
                                                   const std::string& locale, FilmSize size = {});

}  // namespace riverlight::author
