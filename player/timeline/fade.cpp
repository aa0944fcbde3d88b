#include "player/timeline/fade.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <numbers>

#include "content/base/error.hpp"

namespace riverlight::player {
namespace {

/// Raised cosine: 0 at the join, 1 from `length` frames on, flat at both ends.
double curve(double frames, std::int64_t length) {
    assert(length > 0);
    const auto x = std::clamp(frames / static_cast<double>(length), 0.0, 1.0);
    return 0.5 - 0.5 * std::cos(std::numbers::pi * x);
}

/// The share that is shown at a point of the frame: `into`, 0…1.
double share(const Fade& fade, const FadePoint& at, double into) {
    double shown = 1;
    if (at.fades_in) shown = curve(static_cast<double>(at.shown) + into, fade.frames);
    if (at.left) shown = std::min(shown, curve(static_cast<double>(*at.left) - into, fade.frames));
    return shown;
}

bool is_unfaded(const Fade& fade, const FadePoint& at) {
    const bool faded_in = !at.fades_in || at.shown >= fade.frames;
    return fade.frames <= 0 || (faded_in && (!at.left || *at.left > fade.frames));
}

}  // namespace

Fade parse_fade(const std::string& text, Ratio rate) {
    constexpr std::string_view black = "black:";
    int ms = 0;
    const auto* end = text.data() + text.size();
    const bool read = text.starts_with(black) &&
                      std::from_chars(text.data() + black.size(), end, ms).ptr == end && !text.ends_with(':');
    if (!read || ms < 80 || ms > 2000)
        throw Error("fade '" + text + "' must be black:MS, with 80 to 2000 milliseconds");
    return {std::max<std::int64_t>(1, (ms * rate.num + 500 * rate.den) / (1000 * rate.den))};
}

int picture_share(const Fade& fade, const FadePoint& at) {
    return is_unfaded(fade, at) ? 256 : static_cast<int>(std::lround(256 * share(fade, at, 0.5)));
}

void fade_sound(const Fade& fade, const FadePoint& at, std::vector<float>& samples) {
    if (is_unfaded(fade, at)) return;
    const auto count = samples.size() / 2;
    for (std::size_t i = 0; i < count; ++i) {
        const auto into = static_cast<double>(i) / static_cast<double>(count);
        const auto gain = static_cast<float>(share(fade, at, into));
        samples[2 * i] *= gain;
        samples[2 * i + 1] *= gain;
    }
}

}  // namespace riverlight::player
