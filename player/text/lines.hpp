#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "player/text/breaks.hpp"

namespace riverlight::player {

/// Bytes [from, until) of a text; blanks at a line's ends are left out.
struct Line {
    std::size_t from = 0, until = 0;
};

/// A paragraph ready to be broken: where it may be, and how wide each part of it is.
struct Measured {
    std::string text;  ///< valid UTF-8 without line ends
    Breaks breaks;
    std::vector<double> x;  ///< for each byte offset 0…size: the width of what is before it
    [[nodiscard]] Line trimmed(std::size_t from, std::size_t until) const;
    /// Width of [from, until) without the blanks at its ends.
    [[nodiscard]] double width(std::size_t from, std::size_t until) const;
};

/// How wide lines may be.
struct Limit {
    double width = 0;   ///< of lines
    double widest = 0;  ///< of a line with nothing in it to break at, before it is broken anywhere; ≥ width
};

/// Fills each line, but ends one early at a better place to break if little room is lost. What has no break
/// within the widest is broken between syllables, then between grapheme clusters. Every line fits unless a
/// single cluster is wider.
[[nodiscard]] std::vector<Line> fill(const Measured& paragraph, const Limit& limit);
/// As few lines as fill() needs without regard to ease, as even as can be and at the best places. Long
/// paragraphs (more than `most_balanced` lines) are filled.
inline constexpr std::size_t most_balanced = 24;
[[nodiscard]] std::vector<Line> balance(const Measured& paragraph, const Limit& limit);
/// How many lines are needed at least.
[[nodiscard]] std::size_t fewest_lines(const Measured& paragraph, const Limit& limit);

}  // namespace riverlight::player
