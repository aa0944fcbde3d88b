#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "player/text/engine.hpp"
#include "player/text/styled_text.hpp"

namespace riverlight::player {

/// One subtitle cue; half-open [from, until).
struct SubtitleCue {
    std::chrono::milliseconds from{}, until{};
    StyledText text;  ///< without tags
    TextPlacement placement;
};

/// A line of a subtitle file that no subtitle shows and that is no part of the format.
struct UnreadLine {
    int line = 0;  ///< from 1
    std::string text;
};

/// Parses WebVTT, SubRip or ASS/SSA, recognised by the first words: UTF-8 or UTF-16, with or without byte
/// order marks; any line ends; at most 4 MiB and 20,000 cues. Reads text, italics and position (WebVTT's
/// line, position and align; `\an`, `\a` and `\pos`; Italic and Alignment of ASS styles), but not colours,
/// karaoke, drawings or vertical text. A blank line ends a cue of WebVTT; in SubRip the cue goes on until the
/// next one begins, and what is no known tag is text. `unread` gets the lines that are left out, and WebVTT's
/// unknown tags. Ordered by `from`. Throws Error with `file`, the line and the fault; of text that is neither
/// UTF-8 nor UTF-16 it says how to convert it.
[[nodiscard]] std::vector<SubtitleCue> parse_subtitles(std::string_view bytes, const std::string& file,
                                                       std::vector<UnreadLine>* unread = nullptr);

/// All that is shown at one time (a display set, as in EN 300 743).
struct SubtitleDisplaySet {
    std::chrono::milliseconds from{}, until{};  ///< half-open; display sets do not overlap
    std::vector<std::pair<TextPlacement, StyledText>>
        shown;  ///< one for each placement, its cues below each other
};
/// The display sets of cues, in order; none where nothing is shown. At most eight cues are shown at a time.
[[nodiscard]] std::vector<SubtitleDisplaySet> display_sets_of(const std::vector<SubtitleCue>& cues);
/// Splits a display set with more text than the engine shows at once into several, which share its time by
/// the length of their texts.
[[nodiscard]] std::vector<SubtitleDisplaySet> split_into_pages(const SubtitleDisplaySet& set,
                                                               const TextEngine& engine,
                                                               std::string_view locale);

}  // namespace riverlight::player
