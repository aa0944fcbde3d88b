#include "tools/quality/subtitle_timing.hpp"

#include "player/text/utf8.hpp"

namespace riverlight::quality {
namespace {

const player::SubtitleCue* before_in_place(const std::vector<player::SubtitleCue>& cues, std::size_t n) {
    const player::SubtitleCue* latest = nullptr;
    // At most eight cues are shown at a time; an earlier one has ended, or was reported as an overlap itself.
    for (std::size_t i = n > 8 ? n - 8 : 0; i < n; ++i)
        if (cues[i].placement == cues[n].placement && (!latest || cues[i].until >= latest->until))
            latest = &cues[i];
    return latest;
}

}  // namespace

std::vector<SegmentFinding> timing_findings(const std::vector<player::SubtitleCue>& cues) {
    std::vector<SegmentFinding> out;
    for (std::size_t i = 1; i < cues.size(); ++i) {
        const auto* before = before_in_place(cues, i);
        if (!before) continue;
        const auto gap = cues[i].from - before->until;
        if (gap.count() < 0)
            out.push_back({Defect::overlap, "", "shows two subtitles in one place", false,
                           Stretch{cues[i].from, std::min(before->until, cues[i].until)},
                           "end the first where the second begins"});
        if (gap.count() > 0 && gap < least_gap)
            out.push_back({Defect::gap, "", "has a gap between two subtitles that looks like a flicker",
                           false, Stretch{before->until, cues[i].from},
                           "close it, or make it two pictures (0.08 s) long"});
    }
    return out;
}

ReadingSpeed reading_speed(const std::vector<player::SubtitleCue>& cues) {
    ReadingSpeed speed;
    double shown = 0;
    for (const auto& cue : cues) {
        const auto letters = player::code_points(cue.text.text).size();
        const double seconds = std::chrono::duration<double>(cue.until - cue.from).count();
        if (seconds <= 0) continue;
        ++speed.cues;
        speed.letters += letters;
        shown += seconds;
        if (const double now = static_cast<double>(letters) / seconds; now > speed.most) {
            speed.most = now;
            speed.most_at = cue.from;
        }
    }
    speed.mean = shown > 0 ? static_cast<double>(speed.letters) / shown : 0;
    return speed;
}

}  // namespace riverlight::quality
