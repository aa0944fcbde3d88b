#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/av/av.hpp"
#include "player/av/coded.hpp"
#include "player/cue/cue.hpp"
#include "player/text/crawl.hpp"
#include "player/text/text.hpp"

namespace riverlight::player {

/// The outlet's beat: what every item is conformed to.
struct Format {
    int width = 1280, height = 720;
    Ratio rate{25, 1};  ///< frames a second; divides the sample rate
    int grid = 1;       ///< frames from one to the next on which coded pictures and coded sound both begin
    [[nodiscard]] std::int64_t samples_a_frame() const { return sample_rate * rate.den / rate.num; }
};

/// One item's share of one outlet frame: what to show and the sound that belongs to it. Shared because a
/// picture is shown for as many frames as its cadence asks, and composed on another thread.
struct Piece {
    std::shared_ptr<Picture> picture;  ///< null: the media ended before the item; the slate holds. A canvas
                                       ///< may have its texts in it meanwhile (Canvas::compose)
    std::shared_ptr<const Overlay> subtitle, strap;
    std::vector<float> samples;               ///< exactly samples_a_frame() × 2
    bool repeated = false;                    ///< the same source picture as the frame before
    int passed_over = 0;                      ///< source pictures that no outlet frame shows
    bool interpreted = false;                 ///< an interpreter is in the picture (Media::sign)
    std::shared_ptr<const CodedFrame> coded;  ///< the frame as it is in a rendition, instead of all the above
    std::shared_ptr<const Crawl> crawl{};     ///< over the strap; null: nothing moves
    std::shared_ptr<const Overlay> notice{};  ///< over all else; of the player, not of a source
    std::int64_t crawl_frame = 0;             ///< the item's, from its own start: how far it has moved
};

/// What a source is made of.
struct SourceSpec {
    Media media;
    Format format;
    std::int64_t first_frame = 0;  ///< joins in progress: this many frames are passed over
    std::optional<std::int64_t>
        frames;              ///< exactly this many, from the item's own start; absent: the media's
    std::int64_t round = 0;  ///< begins anew after so many frames, until `frames`; 0: never
    bool machine = false;    ///< pictures by a decoder that the machine has (MediaLimits)
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
    /// True where its pieces are coded frames, which begin on the outlet's grid and end there. Known when
    /// ready.
    [[nodiscard]] virtual bool coded() const { return false; }
    /// Something a person should know although it goes on; empty: nothing.
    [[nodiscard]] virtual std::string note() const { return {}; }
};

/// What a source's own thread gives its pieces to.
class Receiver {
  public:
    virtual ~Receiver() = default;
    /// Waits until a piece has room, so that none is made before; false if nobody wants more.
    virtual bool room() = 0;
    /// Waits until there is room; false if nobody wants more.
    virtual bool push(Piece piece) = 0;
    /// What a person should know (Source::note).
    virtual void note(const std::string& what) = 0;
};
/// A source whose pieces, pictures of `format` (0 × 0: coded ones), `produce` makes on a thread of its own,
/// which owns all that it touches; what it throws is the source's error.
[[nodiscard]] std::unique_ptr<Source> run_source(const Format& format,
                                                 std::function<void(Receiver&)> produce);
/// Decodes what `spec` names into pieces, to its end.
void decode_media(const SourceSpec& spec, Receiver& receiver);

/// A source that decodes on a thread of its own, a dozen frames ahead. Destroying it never waits: a decoder
/// that hangs keeps its thread, which owns all that it touches, and goes when it wakes.
[[nodiscard]] std::unique_ptr<Source> open_media(const SourceSpec& spec);

}  // namespace riverlight::player
