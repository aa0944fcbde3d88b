#include "player/cue/cue.hpp"

#include <cassert>

#include "content/base/error.hpp"

namespace riverlight::player {

MediaChoice MediaChoice::from_wire(std::int64_t took) {
    if (took < 0 || took > std::int64_t{most_alternatives})
        throw Error("player message: 'took' names no alternative");
    MediaChoice choice;
    choice.place_ = took;
    return choice;
}

std::size_t MediaChoice::index() const {
    assert(!is_own());
    return static_cast<std::size_t>(place_ - 1);
}

MediaChoice MediaChoice::next() const {
    assert(place_ < std::int64_t{most_alternatives});
    MediaChoice after;
    after.place_ = place_ + 1;
    return after;
}

const Media& media_of(const Cue& cue, MediaChoice choice) {
    if (choice.is_own() || choice.index() >= cue.alternatives.size()) return cue.media;
    return cue.alternatives[choice.index()].media;
}

}  // namespace riverlight::player
