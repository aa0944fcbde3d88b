#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/segment/manifest.hpp"
#include "tools/author/examine.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {

struct BuildOptions {
    /// Kinds of feeds (player/feed/profile.hpp) for which a rendition is made of each language, texts burned
    /// in; `720p25@th`: of that one; `720p25+tsq`: with its interpreter into that sign language, where it has
    /// one.
    std::vector<std::string> profiles{};
    std::vector<std::string> ladder{};  ///< further pictures for screens, by name (tools/author/rung.hpp)
    bool fresh = false;                 ///< nothing of an earlier build is used
};

/// Makes renditions and segment.json in `out` (a folder that is not there yet, is empty, or holds an earlier
/// build of the segment: then only what has changed is made): pictures 1280 ×
/// 720 at 25 a second and those of the ladder that the source gives, sound at −23 LUFS, subtitles as WebVTT
/// or SubRip as written. Made beside `out` and put in its place when whole, together with build.json, which
/// says what was made of what. The same source gives the same bytes. Throws Error after an examination that
/// refuses.
content::Manifest build_segment(const SegmentSource& source, const std::string& out, const Progress& progress,
                                const BuildOptions& options = {});

}  // namespace riverlight::author
