#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tools/author/examine.hpp"
#include "tools/quality/subtitle_timing.hpp"

/// What the page is put together from. Arguments named `html` are markup; all other text is escaped here.
namespace riverlight::author::report {

/// "-23.0 LUFS"; "silence" for −infinity.
[[nodiscard]] std::string level(double value, std::string_view unit);
[[nodiscard]] std::string number(double value, int digits = 1);
/// Paths without the source's folder: what a reader of the page knows.
[[nodiscard]] std::string without_folder(std::string text, const SegmentSource& source);
/// A term and what it is, for a dl.
[[nodiscard]] std::string fact(std::string_view term, std::string_view text);
/// A table whose rows stack on narrow screens; cells are markup.
[[nodiscard]] std::string table(const std::vector<std::string>& heads,
                                const std::vector<std::vector<std::string>>& rows_html,
                                std::string_view caption);
/// A picture inside the page.
[[nodiscard]] std::string figure(const std::string& jpeg, std::string_view alt, std::string_view caption);
/// The page's style sheet.
[[nodiscard]] std::string_view style();

/// Short-term loudness over time with a line at −23 LUFS; empty where it lasts too short for a curve.
[[nodiscard]] std::string chart(const quality::SoundFacts& sound, std::string_view name);

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
