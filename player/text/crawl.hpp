#pragma once
#include <cstdint>
#include <vector>

#include "player/text/overlay.hpp"

/// A crawl: a text too long for its strap, moved through it. It is drawn once, on a strip of which a part is
/// visible. It moves by the same whole number of pixels each step, so that motion is even; by an even number,
/// so that chroma (4:2:0) moves with it. Immutable; any thread.
namespace riverlight::player {

/// Speed: `step` pixels every `every` frames.
struct CrawlRate {
    int step = 2, every = 1;
};

/// The speed for a canvas of a width of at least 64: at most a tenth of the width a second, and at least half
/// of that. `rate_num` / `rate_den`: frames a second.
[[nodiscard]] CrawlRate crawl_rate(int width, std::int64_t rate_num, std::int64_t rate_den);

struct Crawl {
    Overlay strip;               ///< the text on one line; x is 0, y is the canvas's
    int left = 0, right = 0;     ///< canvas columns between which it is visible, even
    int gap = 0;                 ///< pixels between its end and its next repetition, even
    bool right_to_left = false;  ///< text that is read from right to left moves from left to right
    CrawlRate rate;

    /// The canvas columns of the left ends of the strip's visible repetitions on the item's frame `n`. On
    /// frame 0 there is none: the text enters from the edge.
    [[nodiscard]] std::vector<int> positions(std::int64_t n) const;
    /// Frames until all of the text was visible once.
    [[nodiscard]] std::int64_t frames_once() const;
};

/// A strap whose label crawls: the part that does not move, and the label.
struct CrawlingStrap {
    Overlay still;
    Crawl crawl;
};

}  // namespace riverlight::player
