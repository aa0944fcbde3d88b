#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/segment/manifest.hpp"
#include "tools/author/examine.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {

struct BuildOptions {
    /// Feed profiles (player/feed/profile.hpp). Each language gets one rendition per profile, with its texts
    /// burned in. `720p25@th`: only that language. `720p25+tsq`: with the interpreter into that sign
    /// language, for the languages that have one.
    std::vector<std::string> profiles{};
    std::vector<std::string> ladder{};  ///< additional pictures for screens, by name (tools/author/rung.hpp)
    bool fresh = false;                 ///< ignore an earlier build and make every file again
};

/// The examination of a source refuses it.
class SegmentRefused : public Error {
  public:
    SegmentRefused(SegmentFinding first, const std::string& folder);
    SegmentFinding finding;
};

/// Builds media files and segment.json in `out`: pictures of 1280 × 720 at 25 or 50 frames a second, the
/// requested
/// ladder rungs that the source is large enough for, sound at −23 LUFS, and subtitles as they were written.
/// `out` must not exist, be empty, or hold an earlier build of the segment; in the last case only changed
/// files are made. The files are built in a temporary folder beside `out`, which replaces `out` when it is
/// complete; build.json records which inputs each file was made from. The same source gives the same bytes.
/// Throws SegmentRefused if the examination refuses the source; `out` is then unchanged.
content::Manifest build_segment(const SegmentSource& source, const std::string& out, const Progress& progress,
                                const BuildOptions& options = {});

}  // namespace riverlight::author
