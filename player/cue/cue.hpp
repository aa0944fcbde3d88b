#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/airing/media.hpp"
#include "content/base/instant.hpp"

/// A cue: one item and when it airs. It contains everything that the player needs: a player knows no
/// schedule, segment or channel.
namespace riverlight::player {

using content::Media;
using content::Rendition;
using content::Sign;
using content::Strap;

/// What airs in an item's place if its own media are missing or broken: the same from another file or in
/// another language, or one of the channel's fillers.
struct Alternative {
    Media media{};
    struct Filler {
        std::string segment{};
        std::chrono::milliseconds length{
            0};  ///< it starts again after this long, until the item's time is over
    };
    std::optional<Filler> filler{};  ///< absent: the cue's own segment
};
inline constexpr std::size_t most_alternatives = 7;

/// Which of a cue's media airs: its own, or one of its alternatives. On the wire `took`: 0, or the
/// alternative's place in the list from 1.
class MediaChoice {
  public:
    constexpr MediaChoice() = default;  ///< the cue's own
    /// Throws Error for a place outside 0…most_alternatives.
    [[nodiscard]] static MediaChoice from_wire(std::int64_t took);
    [[nodiscard]] std::int64_t to_wire() const { return place_; }

    [[nodiscard]] bool is_own() const { return place_ == 0; }
    /// Place in the list of alternatives, from 0. Not of the cue's own.
    [[nodiscard]] std::size_t index() const;
    /// The alternative that is tried after this one.
    [[nodiscard]] MediaChoice next() const;
    friend bool operator==(MediaChoice, MediaChoice) = default;

  private:
    std::int64_t place_ = 0;
};

/// A time of less sound, or none, on a screen.
struct Quiet {
    Instant from{}, until{};        ///< half-open
    std::optional<double> gain_db;  ///< −60 to below 0, on top of the cue's; absent: no sound
};

inline constexpr std::size_t most_quiet = 16;

/// `cue`: play this after what is queued, or at `start`.
struct Cue {
    /// What happens if `start` has passed when the cue is ready.
    enum class Late {
        join,  ///< it is joined in progress
        skip,  ///< it is skipped
    };

    std::string airing;  ///< name of the cue, ≤ 128 bytes: every event about it repeats it
    Media media;
    std::optional<Instant>
        start;  ///< on air on that frame, cutting what is on; absent: after what is before it
    Late late = Late::join;
    std::optional<Instant> stop;          ///< off air then; absent: at the end of its media
    std::chrono::milliseconds offset{0};  ///< starts this far into its media
    /// Shown for exactly this long, cut or held by the slate; absent: as long as its media.
    std::optional<std::chrono::milliseconds> duration;
    std::vector<Quiet>
        quiet;  ///< at most most_quiet; where two overlap, the quieter counts. Not for coded frames
    bool subtitled = true;  ///< false: subtitles are shown only during quiet times
    /// At most most_alternatives, tried in order if the item cannot start, or breaks on air and the next item
    /// cannot take its place.
    std::vector<Alternative> alternatives;
};
/// The media that a choice names; of a cue that has no such alternative, its own.
[[nodiscard]] const Media& media_of(const Cue& cue, MediaChoice choice);

}  // namespace riverlight::player
