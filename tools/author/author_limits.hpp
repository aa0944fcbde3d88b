#pragma once
#include "player/av/reader.hpp"

namespace riverlight::author {

/// The limits on the files that authors bring: more formats than a board reads, which plays what is built.
[[nodiscard]] inline player::MediaLimits author_limits() {
    player::MediaLimits limits;
    limits.author_formats = true;
    return limits;
}

}  // namespace riverlight::author
