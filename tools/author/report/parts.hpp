#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "content/html/html.hpp"
#include "tools/author/examine.hpp"
#include "tools/quality/subtitle_timing.hpp"

/// The parts that the quality report is made from.
namespace riverlight::author::report {

using html::Html;

/// "-23.0 LUFS"; "silence" for −infinity.
[[nodiscard]] std::string level(double value, std::string_view unit);
[[nodiscard]] std::string number(double value, int digits = 1);
/// Paths without the source's folder: what a reader of the page knows.
[[nodiscard]] std::string without_folder(std::string text, const SegmentSource& source);
/// A term and its value, for a dl.
[[nodiscard]] Html fact(std::string_view term, std::string_view value);
/// A table whose rows stack on narrow screens; each row has as many cells as there are heads.
[[nodiscard]] Html table(const std::vector<std::string>& heads, const std::vector<std::vector<Html>>& rows,
                         std::string_view caption);
/// A picture inside the page.
[[nodiscard]] Html figure(const std::string& jpeg, std::string_view alt, std::string_view caption);

/// Short-term loudness over time with a line at −23 LUFS, as SVG; empty for sound that is too short for a
/// curve.
[[nodiscard]] Html chart(const quality::SoundFacts& sound, std::string_view name);

/// A picture with a language's texts over it.
struct Frame {
    std::chrono::milliseconds at{};
    std::string jpeg;
};
/// At which times a language is shown; the segment's middle where it has no subtitles.
[[nodiscard]] std::vector<std::chrono::milliseconds> frame_times(const Wording& words,
                                                                 std::chrono::milliseconds duration);
/// As a screen composes them (player/source, player/canvas); none where there is no picture. Throws Error
/// where subtitles cannot be read.
[[nodiscard]] std::vector<Frame> frames(const SegmentSource& source, const Examination& examined,
                                        const std::string& locale);
/// Pictures of the whole segment, without texts over them but a card's own.
[[nodiscard]] std::vector<Frame> thumbnails(const SegmentSource& source, const Examination& examined);

/// Nothing where a language has no subtitles or they cannot be read.
[[nodiscard]] std::optional<quality::ReadingSpeed> speed_of(const Wording& words);

}  // namespace riverlight::author::report
