#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "player/text/text.hpp"

namespace riverlight::player {

/// One subtitle cue; half-open [from, until).
struct SubtitleCue {
    std::chrono::milliseconds from{}, until{};
    Words words;  ///< tags taken out but for italics
    Place place;
};

/// WebVTT, SubRip or ASS/SSA, told apart by their first words; UTF-8 or UTF-16 with a byte order mark, lines
/// ended in any way, at most 4 MiB and 20,000 cues. Text, italics and position are read (WebVTT's line,
/// position and align; `\an`, `\a` and `\pos`; ASS styles' Italic and Alignment); colours, karaoke, drawings
/// and vertical text are not. Ordered by `from`. Throws Error naming `what`, the line and the fault.
[[nodiscard]] std::vector<SubtitleCue> parse_subtitles(std::string_view bytes, const std::string& what);

/// What is shown at one time.
struct SubtitleMoment {
    std::chrono::milliseconds from{}, until{};   ///< half-open; moments do not overlap
    std::vector<std::pair<Place, Words>> shown;  ///< one for each place, cues of one place below each other
};
/// Cues as moments, in order, none where nothing is shown; at most eight cues at a time.
[[nodiscard]] std::vector<SubtitleMoment> moments_of(const std::vector<SubtitleCue>& cues);
/// A moment with more to read than the engine shows at once, cut into several that share its time by what is
/// to be read in each.
[[nodiscard]] std::vector<SubtitleMoment> paginated(const SubtitleMoment& moment, const TextEngine& engine,
                                                    std::string_view locale);

/// Several overlays as one, the later above the earlier; empty of none.
[[nodiscard]] Overlay merged(const std::vector<Overlay>& overlays);

}  // namespace riverlight::player
