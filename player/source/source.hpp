#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/av/av.hpp"
#include "player/cue/cue.hpp"
#include "player/text/text.hpp"

namespace riverlight::player {

/// The outlet's beat: what every item is conformed to.
struct Format {
    int width = 1280, height = 720;
    Ratio rate{25, 1};  ///< frames a second; divides the sample rate
    [[nodiscard]] std::int64_t samples_a_frame() const { return sample_rate * rate.den / rate.num; }
};

/// One item's share of one outlet frame: what to show and the sound that belongs to it. Shared because a
/// picture is shown for as many frames as its cadence asks, and composed on another thread.
struct Piece {
    std::shared_ptr<const Picture> picture;  ///< null: the media ended before the item; the slate holds
    std::shared_ptr<const Overlay> subtitle, strap;
    std::vector<float> samples;  ///< exactly samples_a_frame() × 2
    bool repeated = false;       ///< the same source picture as the frame before
    int passed_over = 0;         ///< source pictures that no outlet frame shows
};

/// What a source is made of.
struct SourceSpec {
    std::string picture, sound, subtitles, locale;
    double gain_db = 0;
    std::optional<Strap> strap;
    Format format;
    std::int64_t first_frame = 0;  ///< joins in progress: this many frames are passed over
    std::optional<std::int64_t>
        frames;  ///< exactly this many, from the item's own start; absent: the media's
};

/// Where the timeline takes an item's frames from. Deliver in order, never block.
class Source {
  public:
    virtual ~Source() = default;
    enum class State { opening, ready, failed };
    /// `ready`: the first piece can be taken.
    [[nodiscard]] virtual State state() const = 0;
    [[nodiscard]] virtual std::string error() const = 0;
    enum class Take { piece, waiting, ended, failed };
    [[nodiscard]] virtual Take take(Piece& into) = 0;
    /// Waits until take() or state() would say something new, at most so long.
    virtual void wait(std::chrono::milliseconds longest) const = 0;
};

/// A source that decodes on a thread of its own, a dozen frames ahead. Destroying it never waits: a decoder
/// that hangs keeps its thread, which owns all that it touches, and goes when it wakes.
[[nodiscard]] std::unique_ptr<Source> open_media(const SourceSpec& spec);

}  // namespace riverlight::player
