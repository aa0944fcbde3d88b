#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "player/av/ratio.hpp"

/// Fades: an item fades in from black and silence at its beginning and out to them at its end, within its own
/// frames, so that no frame is added, lost or moved. One thread.
namespace riverlight::player {

struct Fade {
    std::int64_t frames = 0;  ///< length of fading out, and of fading in; 0: items are cut
};

/// Reads `black:MS`, 80…2000 milliseconds, for an outlet of so many frames a second. Throws Error.
[[nodiscard]] Fade parse_fade(const std::string& text, Ratio rate);

/// Where a frame is within its item.
struct FadePoint {
    std::int64_t shown = 0;            ///< frames of the item before this one
    std::optional<std::int64_t> left;  ///< frames left, with this one; absent: unknown, the item is cut
    bool fades_in = true;              ///< false: it began with a cut (a takeover)
};

/// How much of the picture is shown, of 256: a raised cosine, at the middle of the frame.
[[nodiscard]] int picture_share(const Fade& fade, const FadePoint& at);
/// Fades samples (stereo, interleaved, in place) by the same curve: silent at the join itself.
void fade_sound(const Fade& fade, const FadePoint& at, std::vector<float>& samples);

}  // namespace riverlight::player
