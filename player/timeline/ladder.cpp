// What stands in for an item whose media are broken: README.md, "The ladder".
#include <algorithm>

#include "player/timeline/item.hpp"

namespace riverlight::player {

void Timeline::open(Item& item, Instant now) {
    const auto& cue = item.cue;
    SourceSpec spec;
    spec.media = item.media();
    spec.format = options_.format;
    if (!item.on_air) {
        item.first = frames_in(cue.offset);
        if (cue.duration) item.last = item.first + frames_in(*cue.duration);
        if (cue.start && *cue.start + late_grace < now) item.first += frames_in(now - *cue.start);
    }
    spec.first_frame = item.first + item.frames;
    spec.frames = item.last;
    if (const auto* filler = item.filler()) {  // from its own beginning, for the time that is left
        if (spec.frames) spec.frames = std::max<std::int64_t>(0, *spec.frames - spec.first_frame);
        spec.first_frame = 0;
        spec.round = frames_in(filler->length);
    }
    item.source = open_(spec);
}

bool Timeline::replace(Item& item, const std::string& why, Instant now) {
    item.why += (item.why.empty() ? "" : "; ") + item.name() + ": " + why;
    if (!item.has_another()) return false;
    item.choice = item.choice.next();
    item.opening = item.waited = 0;
    open(item, now);
    return true;
}

/// Coded frames that go on in another's place begin on the grid.
bool Timeline::rejoins_later(const Item& item, std::int64_t frame) const {
    return item.rejoins && item.source->coded() && !on_grid(frame);
}

bool Timeline::go_on(Item& item, const std::string& why, Instant at) {
    const auto following = queue_.empty() ? nullptr : queue_.front().get();
    const bool relieved = following && due(*following, at) && following->source &&
                          following->source->state() == Source::State::ready;
    const auto broke =
        item.on_air ? "broke after " + std::to_string(item.frames) + " frames: " : std::string{};
    if (relieved || !replace(item, broke + why, at)) return false;
    item.rejoins = item.on_air;
    emit_(Trouble{item.why + "; " + item.name() + " goes on in its place", item.cue.airing});
    return true;
}

Source::Take Timeline::next_piece(Item& item, Piece& piece, Instant at, std::int64_t frame) {
    const bool was_coded = item.source->coded();
    for (;;) {
        if (item.rejoins && was_coded) item.source->wait(filling_wait);
        if (rejoins_later(item, frame)) return Source::Take::waiting;
        auto taken = item.source->take(piece);
        // Coded frames cannot be held over; an outlet that takes them is ahead of its clock by more than
        // this.
        if (taken == Source::Take::waiting &&
            (options_.wait_for_sources || filling_ || item.source->coded())) {
            item.source->wait(options_.wait_for_sources ? options_.patience : filling_wait);
            taken = item.source->take(piece);
        }
        if (taken != Source::Take::failed || !go_on(item, item.source->error(), at)) return taken;
    }
}

}  // namespace riverlight::player
