// Where the item on air comes and goes: README.md, "Fades".
#include <algorithm>

#include "player/timeline/item.hpp"

namespace riverlight::player {

std::int64_t Timeline::frames_before(std::chrono::microseconds time) const {
    const auto& rate = options_.format.rate;
    return (time.count() * rate.num + rate.den * 1'000'000 - 1) / (rate.den * 1'000'000);
}

FadePoint Timeline::fade_point(const Item& item, Instant at) const {
    FadePoint point{item.frames, {}, !item.takes_over};
    const auto ends_in = [&](std::int64_t frames) {
        if (frames > 0) point.left = std::min(point.left.value_or(frames), frames);
    };
    if (item.last) ends_in(*item.last - item.first - item.frames);
    if (item.cue.stop) ends_in(frames_before(*item.cue.stop - at));
    const auto next =
        std::find_if(queue_.begin(), queue_.end(), [](const auto& queued) { return queued->cue.start; });
    if (next != queue_.end() && (*next)->source && (*next)->source->state() == Source::State::ready)
        ends_in(frames_before(*(*next)->cue.start - at - grace(false)));
    return point;
}

void Timeline::fade(Item& item, Step& step, Piece& piece, Instant at) {
    if (options_.fade.frames == 0 || piece.coded) return;
    const auto point = fade_point(item, at);
    step.shown = picture_share(options_.fade, point);
    fade_sound(options_.fade, point, piece.samples);
    item.faded += step.shown < 256;
}

}  // namespace riverlight::player
