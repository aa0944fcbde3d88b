#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "player/text/breaks.hpp"

namespace riverlight::player {

/// Bytes [from, until) of a text, without blanks at the ends.
struct Line {
    std::size_t from = 0, until = 0;
};

/// A paragraph that is ready to be broken: where it may be, and how wide each part of it is.
struct MeasuredParagraph {
    std::string text;  ///< valid UTF-8 without line ends
    Breaks breaks;
    std::vector<double> x;  ///< for each byte offset 0…size: the width of the text before it
    [[nodiscard]] Line trimmed(std::size_t from, std::size_t until) const;
    /// Width of [from, until) without the blanks at its ends.
    [[nodiscard]] double width(std::size_t from, std::size_t until) const;
};

/// How wide lines may be.
struct LineLimit {
    double width = 0;      ///< of lines
    double max_width = 0;  ///< of a line that has no break in it, before it is broken anywhere; ≥ width
};

/// Fills each line, but ends a line early at a better break where that wastes little space. Text without a
/// break within the limit is broken between syllables, then between grapheme clusters. Every line fits unless
/// a single cluster is wider.
[[nodiscard]] std::vector<Line> fill_lines(const MeasuredParagraph& paragraph, const LineLimit& limit);
/// The fewest lines that the paragraph needs, as even as possible and at the best breaks. Paragraphs of more
/// than `max_balanced` lines are filled instead.
inline constexpr std::size_t max_balanced = 24;
[[nodiscard]] std::vector<Line> balance_lines(const MeasuredParagraph& paragraph, const LineLimit& limit);
/// The fewest lines that the paragraph needs.
[[nodiscard]] std::size_t fewest_lines(const MeasuredParagraph& paragraph, const LineLimit& limit);

}  // namespace riverlight::player
