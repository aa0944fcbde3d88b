#pragma once
#include <chrono>
#include <string>

#include "player/feed/rendition_encoder.hpp"

namespace riverlight::author {

/// One language's share of a segment, as a feed's viewers see and hear it.
struct RenditionSource {
    std::string picture, subtitles, locale, strap, hotline;  ///< paths, BCP 47, texts; empty: none
    bool crawl = false;                                      ///< the strap's words, where they are long
    std::string sign{};                                      ///< path of its interpreter; empty: none
    player::Samples samples;                                 ///< levelled; empty: silence
    std::chrono::milliseconds duration{};
};

/// Composes it as a player would (same fonts, same cadence) and encodes it for `profile` into `path`.
[[nodiscard]] player::RenditionFacts make_rendition_of(const RenditionSource& source,
                                                       const player::Profile& profile,
                                                       const std::string& path);

}  // namespace riverlight::author
