#pragma once
#include "player/text/subtitles.hpp"
#include "tools/quality/finding.hpp"

namespace riverlight::quality {

/// Two pictures at 25 a second. A shorter gap between subtitles looks like a flicker.
inline constexpr std::chrono::milliseconds least_gap{80};

/// Notes on cues, which are in order of `from`: gaps shorter than two pictures (no gap is fine), and cues
/// that begin in the place of one that is still shown. `where` is empty.
[[nodiscard]] std::vector<SegmentFinding> timing_findings(const std::vector<player::SubtitleCue>& cues);

/// The reading speed that a language's subtitles ask for, in letters (code points) a second.
struct ReadingSpeed {
    std::size_t cues = 0, letters = 0;
    double mean = 0, most = 0;
    std::chrono::milliseconds most_at{};
};
[[nodiscard]] ReadingSpeed reading_speed(const std::vector<player::SubtitleCue>& cues);

}  // namespace riverlight::quality
