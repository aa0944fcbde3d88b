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

/// The lines of a text, ended by LF, CR LF or CR; CR CR LF, which text mode makes of CR LF, ends one line.
[[nodiscard]] std::vector<std::string_view> split_lines(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// Without blanks of all kinds and invisible marks (direction, joiners, zero width) at both ends: what is
/// left of a line that looks empty, or of a number in a right-to-left file.
[[nodiscard]] std::string_view visible(std::string_view text);
/// `[hh:]mm:ss[.fff]`, with a point or a comma before one to three digits of fraction; nothing for other
/// text.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_timestamp(std::string_view text);
/// The placement of a key of the number pad (ASS `\an`, 1 to 9); nothing for other digits.
[[nodiscard]] std::optional<TextPlacement> numpad_placement(int digit);
/// SSA's alignment as a key of the number pad: 1 to 3 at the bottom, 4 more at the top, 8 more in the middle.
[[nodiscard]] int numpad_of_ssa(int alignment);

/// Whose tags and escapes a line has besides those that all formats share.
enum class Dialect {
    subrip,  ///< also `\N` and `\h` of ASS and `{y:i}` of MicroDVD; what is no known tag is text
    webvtt,  ///< every `<name>` is a tag (W3C WebVTT, 6.4)
};

/// Parses a cue's text piece by piece: collects the words and what the tags say.
class MarkupParser {
  public:
    explicit MarkupParser(bool italic = false) { set_italic(italic); }
    /// Adds a line with WebVTT's and SubRip's tags (`<i>`), HTML's character references, and ASS overrides in
    /// braces. Returns the tags of WebVTT that are not known and whose effect is left out.
    [[nodiscard]] std::vector<std::string_view> add(std::string_view line, Dialect dialect);
    /// Adds a line of ASS: overrides in braces, `\N`, `\n`, `\h`; `<` and `&` are plain characters.
    void add_ass(std::string_view text);
    void add_line_break();
    /// The text so far; the parser is then empty.
    [[nodiscard]] StyledText take_text();

    std::optional<TextPlacement> alignment;             ///< set by `\an` or `\a`
    std::optional<std::pair<double, double>> position;  ///< set by `\pos`, in the script's own pixels

  private:
    void set_italic(bool italic);
    [[nodiscard]] bool apply_tag(std::string_view tag, Dialect dialect);
    [[nodiscard]] std::size_t add_tag(std::string_view rest, Dialect dialect,
                                      std::vector<std::string_view>& unknown);
    [[nodiscard]] std::size_t add_braces(std::string_view rest, Dialect dialect);
    [[nodiscard]] std::size_t add_escape(std::string_view rest, Dialect dialect);
    void apply_overrides(std::string_view block);
    void append(std::string_view text);

    StyledText text_;
    bool italic_ = false;
    bool drawing_ = false;          ///< between `\p1` and `\p0`: vector graphics, not text
    std::size_t italic_since_ = 0;  ///< byte where the italics that are on began
};

}  // namespace riverlight::player::markup
