#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/author/build_cache.hpp"
#include "tools/author/source.hpp"
#include "tools/author/watch.hpp"

/// The quality check of a segment source before it is built.
namespace riverlight::author {

using quality::Defect;
using quality::SegmentFinding;

struct Examination {
    std::vector<SegmentFinding> findings;
    std::chrono::milliseconds duration{};  ///< of the pictures
    FilmRate rate = FilmRate::hz25;        ///< of the pictures
    bool segmented = false;                ///< they are sent as fields, and progressive
    std::optional<Watched> video;          ///< set if the source is a video that decodes
    /// Sound of the languages that have their own file, by locale.
    std::map<std::string, quality::SoundFacts> sounds;
    [[nodiscard]] bool refused() const;
};

struct ExamineOptions {
    StillsWanted stills;                ///< of the video, for a report
    std::vector<std::string> expected;  ///< required languages (BCP 47); "zh-Hans" satisfies "zh"
};

using Progress = std::function<void(const std::string&)>;

/// Decodes all media once and checks pictures, sound, subtitles, glyphs and safe area. Skips files that
/// `cache` has from an earlier build with the same bytes: they were checked then.
[[nodiscard]] Examination examine(const SegmentSource& source, const Progress& progress,
                                  const BuildCache* cache = nullptr, const ExamineOptions& options = {});

}  // namespace riverlight::author
