#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "player/av/coding.hpp"
#include "player/av/reader.hpp"
#include "player/cue/cue.hpp"
#include "player/file/verified_file.hpp"
#include "player/text/crawl.hpp"
#include "player/text/overlay.hpp"

namespace riverlight::player {

/// The outlet's format, which every item is converted to.
struct Format {
    int width = 1280, height = 720;
    Ratio rate{25, 1};  ///< frames a second; divides the sample rate
    int grid = 1;       ///< frames from one grid point, where coded picture and sound both begin, to the next
    bool interlaced = false;  ///< each frame is shown as two fields, the top one first
    [[nodiscard]] std::int64_t samples_a_frame() const { return sample_rate * rate.den / rate.num; }
};

/// One item's part of one outlet frame: what to show, and its sound. Pictures and overlays are shared,
/// because several frames show the same one, and a display composes on another thread.
struct Piece {
    std::shared_ptr<Picture> picture;  ///< null: the media ended before the item; the slate is shown. Once
                                       ///< composed it has its texts in it (Canvas::compose)
    std::shared_ptr<const Overlay> subtitle, strap;
    std::vector<float> samples;               ///< exactly samples_a_frame() × 2
    bool repeated = false;                    ///< the same source picture as the frame before
    int skipped = 0;                          ///< source pictures that no outlet frame shows
    bool interpreted = false;                 ///< the picture has an interpreter in it (Media::sign)
    std::shared_ptr<const CodedFrame> coded;  ///< a rendition's coded frame, in place of all the above
    std::shared_ptr<const Crawl> crawl{};     ///< over the strap; null: none
    std::shared_ptr<const Overlay> notice{};  ///< above all else; set by the player, not by a source
    std::int64_t crawl_frame = 0;             ///< frame of the item, from its start: the crawl's position
};

/// What a source plays.
struct SourceSpec {
    Media media;
    Format format;
    std::int64_t first_frame = 0;  ///< joins in progress: skip this many frames
    std::optional<std::int64_t>
        frames;  ///< ends after exactly this many, counted from the item's start; absent: with the media
    std::optional<std::int64_t>
        loop_frames;                 ///< starts again after so many frames, until `frames`; absent: once
    bool hardware_decoding = false;  ///< see MediaLimits
    bool author_formats = false;     ///< see MediaLimits
    bool segmented = false;          ///< see MediaLimits
};

/// Delivers an item's frames in order. No function blocks, except wait(). One thread.
class Source {
  public:
    virtual ~Source() = default;
    enum class State { opening, ready, failed };
    /// `ready`: take() has a piece, or the source has ended.
    [[nodiscard]] virtual State state() const = 0;
    /// Why the source failed; empty: it did not.
    [[nodiscard]] virtual std::string error() const = 0;
    enum class Take { piece, waiting, ended, failed };
    /// Takes the next piece; `waiting`: none is decoded yet.
    [[nodiscard]] virtual Take take(Piece& into) = 0;
    /// Blocks until there is a piece or the source ends, at most so long.
    virtual void wait(std::chrono::milliseconds longest) const = 0;
    /// Blocks until there is a piece or the source ends, however long that takes on a busy machine. Returns
    /// without either only if the source is stuck, by Patience.
    virtual void wait_unless_stuck() const = 0;
    /// True where its pieces are coded frames, which begin and end on the outlet's grid. Known when `ready`.
    [[nodiscard]] virtual bool coded() const { return false; }
    /// A fault that people should know of although the source goes on; empty: none.
    [[nodiscard]] virtual std::string note() const { return {}; }
    /// The first of its files that was found damaged; nothing: none so far.
    [[nodiscard]] virtual std::optional<MediaDamage> damage() const { return {}; }
};

}  // namespace riverlight::player
