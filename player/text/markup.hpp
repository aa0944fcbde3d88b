#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "player/text/styled_text.hpp"

/// Parsing that the subtitle formats share. Only player/text includes this.
namespace riverlight::player::markup {

inline constexpr std::size_t max_cues = 20'000;

/// The lines of a text, ended by LF, CR LF or CR.
[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// `[hh:]mm:ss[.fff]`, with a point or a comma before one to three digits of fraction; nothing for other
/// text.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_timestamp(std::string_view text);
/// The placement of a key of the number pad (ASS `\an`, 1 to 9); nothing for other digits.
[[nodiscard]] std::optional<TextPlacement> numpad_placement(int digit);
/// SSA's alignment as a key of the number pad: 1 to 3 at the bottom, 4 more at the top, 8 more in the middle.
[[nodiscard]] int numpad_of_ssa(int alignment);

/// Parses a cue's text piece by piece: collects the words and what the tags say.
class MarkupParser {
  public:
    explicit MarkupParser(bool italic = false) { set_italic(italic); }
    /// Adds a line with WebVTT's and SubRip's tags (`<i>`), HTML's character references, and ASS overrides in
    /// braces.
    void add(std::string_view line);
    /// Adds a line of ASS: overrides in braces, `\N`, `\n`, `\h`; `<` and `&` are plain characters.
    void add_ass(std::string_view text);
    void add_line_break();
    /// The text so far; the parser is then empty.
    [[nodiscard]] StyledText take_text();

    std::optional<TextPlacement> alignment;             ///< set by `\an` or `\a`
    std::optional<std::pair<double, double>> position;  ///< set by `\pos`, in the script's own pixels

  private:
    void set_italic(bool italic);
    void apply_tag(std::string_view name);
    void apply_overrides(std::string_view block);
    void append(std::string_view text);

    StyledText text_;
    bool italic_ = false;
    bool drawing_ = false;          ///< between `\p1` and `\p0`: vector graphics, not text
    std::size_t italic_since_ = 0;  ///< byte where the italics that are on began
};

}  // namespace riverlight::player::markup
