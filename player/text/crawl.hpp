#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "player/text/text.hpp"

/// Words too long for their strap, moved through it: drawn once on a strip, of which a part is seen. Whole
/// pixels a frame, the same each time, so that the motion is even; even ones, so that colours (4:2:0) move
/// with them. Immutable; any thread.
namespace riverlight::player {

/// How fast: `step` pixels each `every` frames.
struct CrawlRate {
    int step = 2, every = 1;
};

/// At most a tenth of the width a second, and at least half of that. `rate`: frames a second; a width of 64
/// or more.
[[nodiscard]] CrawlRate crawl_rate(int width, std::int64_t rate_num, std::int64_t rate_den);

struct Crawl {
    Overlay strip;               ///< the words on one line; x is 0, y the canvas's
    int left = 0, right = 0;     ///< canvas columns between which it is seen, even
    int gap = 0;                 ///< between its end and its beginning anew, even
    bool right_to_left = false;  ///< a script that is read so moves from left to right
    CrawlRate rate;

    /// Where the strip's left ends stand in the canvas on the item's frame `n`, of all that are seen. On
    /// frame 0 none is: the words come in from the band's edge.
    [[nodiscard]] std::vector<int> positions(std::int64_t n) const;
    /// Until all of it was seen once.
    [[nodiscard]] std::int64_t frames_once() const;
};

/// A strap whose words crawl: all of it that stands still, and them.
struct CrawlingStrap {
    Overlay still;
    Crawl crawl;
};

}  // namespace riverlight::player
