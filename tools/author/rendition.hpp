#pragma once
#include <chrono>
#include <string>

#include "player/feed/rendition_encoder.hpp"

namespace riverlight::author {

/// Everything that goes into one language's rendition for a feed.
struct RenditionSource {
    std::string picture, subtitles, locale, strap, hotline;  ///< paths, BCP 47, texts; empty: none
    bool crawl = false;       ///< a strap that is too long for its place crawls
    std::string sign{};       ///< path of its interpreter; empty: none
    player::Samples samples;  ///< levelled; empty: silence
    std::chrono::milliseconds duration{};
    bool segmented = false;  ///< see player::MediaLimits
};

/// Composes the pictures as a player does (same fonts and frame rate) and encodes them for `profile` into
/// `path`. Throws Error.
[[nodiscard]] player::RenditionFacts make_rendition_of(const RenditionSource& source,
                                                       const player::Profile& profile,
                                                       const std::string& path);

}  // namespace riverlight::author
