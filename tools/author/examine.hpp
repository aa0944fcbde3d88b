#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/author/memory.hpp"
#include "tools/author/source.hpp"
#include "tools/author/watch.hpp"

/// The quality gate: what is decoded and weighed before anything is made.
namespace riverlight::author {

using quality::Finding;

struct Examination {
    std::vector<Finding> findings;
    std::chrono::milliseconds duration{};  ///< of the pictures
    std::optional<Watched> video;          ///< where the source is a video and could be decoded
    /// Sound of languages that have their own.
    std::map<std::string, quality::SoundFacts> sounds;
    [[nodiscard]] bool refused() const;
};

struct ExamineOptions {
    StillsWanted stills;                ///< of the video, for a report
    std::vector<std::string> expected;  ///< languages (BCP 47) that must be there; "zh" is met by "zh-Hans"
};

using Progress = std::function<void(const std::string&)>;

/// Decodes everything once, from beginning to end, and weighs it: pictures, sound, subtitles, glyphs, safe
/// area. What `memory` has of the same bytes was weighed before, and is not again.
[[nodiscard]] Examination examine(const SegmentSource& source, const Progress& progress,
                                  const Memory* memory = nullptr, const ExamineOptions& options = {});

}  // namespace riverlight::author
