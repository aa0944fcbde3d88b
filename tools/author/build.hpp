#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/segment/manifest.hpp"
#include "tools/author/examine.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {

/// Makes renditions and segment.json in `out` (a folder that is not there yet, is empty, or holds an earlier
/// build of the segment: then only what has changed is made, unless `fresh`): pictures 1280 ×
/// 720 at 25 a second, sound at −23 LUFS, subtitles as WebVTT or SubRip as written. Made beside `out` and
/// put in its place when whole, together with build.json, which says what was made of what. The same source
/// gives the same bytes. Throws Error after an examination that refuses. For each of `profiles`
/// (player/feed/profile.hpp) and language a rendition is made besides, texts burned in; `720p25@th` makes
/// that of one language, `720p25+tsq` has the interpreter of that sign language in it, where a language has
/// one.
content::Manifest build_segment(const SegmentSource& source, const std::string& out, const Progress& progress,
                                const std::vector<std::string>& profiles = {}, bool fresh = false);

}  // namespace riverlight::author
