#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/segment/manifest.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {

/// What a check found: `refused` stops a build, the rest is for a person to weigh.
struct Finding {
    std::string where, what;
    bool refused = true;
};

struct Examination {
    std::vector<Finding> findings;
    std::chrono::milliseconds duration{};  ///< of the pictures
    [[nodiscard]] bool refused() const;
};

using Progress = std::function<void(const std::string&)>;

/// Decodes everything from beginning to end and weighs it: pictures, sound, subtitles, glyphs, safe area.
[[nodiscard]] Examination examine(const SegmentSource& source, const Progress& progress);

/// Makes renditions and segment.json in `out` (a folder that is not there yet, or is empty): pictures 1280 ×
/// 720 at 25 a second, sound at −23 LUFS, subtitles as WebVTT or SubRip as written. Made beside `out` and
/// renamed when whole. The same source gives the same bytes. Throws Error after an examination that refuses.
/// For each of `profiles` (player/feed/profile.hpp) and language a rendition is made besides, texts burned
/// in.
content::Manifest build_segment(const SegmentSource& source, const std::string& out, const Progress& progress,
                                const std::vector<std::string>& profiles = {});

}  // namespace riverlight::author
