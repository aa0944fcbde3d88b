#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "player/av/av.hpp"

/// How an item goes into black and silence at its end, and comes out of them at its beginning. Counted in
/// frames, within the item's own: none is lost, shown twice or moved. One thread.
namespace riverlight::player {

struct Fade {
    std::int64_t frames = 0;  ///< of going, and of coming; 0: items are cut
};

/// Reads `black:MS`, 80…2000 milliseconds, for an outlet of so many frames a second. Throws Error.
[[nodiscard]] Fade parse_fade(const std::string& text, Ratio rate);

/// Where an item's frame lies in it.
struct FadePoint {
    std::int64_t shown = 0;            ///< of its frames so far
    std::optional<std::int64_t> left;  ///< to come, this one among them; nothing: not known, it is cut
    bool comes_in = true;              ///< false: it cut in (a takeover) and is wholly there at once
};

/// How much of the picture is seen, of 256: a raised cosine, taken at the frame's middle.
[[nodiscard]] int picture_share(const Fade& fade, const FadePoint& at);
/// Sound by the same curve, sample by sample: silent at the join itself. Stereo, interleaved, in place.
void fade_sound(const Fade& fade, const FadePoint& at, std::vector<float>& samples);

}  // namespace riverlight::player
