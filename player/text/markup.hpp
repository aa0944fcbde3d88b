#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "player/text/subtitles.hpp"

/// What the subtitle formats share. Only player/text includes this.
namespace riverlight::player::markup {

inline constexpr std::size_t most_cues = 20'000;

/// The lines of a text ended by LF, CR LF or CR.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// `[hh:]mm:ss[.fff]`, or with a comma, with one to three digits of a second's fraction.
[[nodiscard]] std::optional<std::chrono::milliseconds> time_of(std::string_view text);
/// A place by the digit's place on a number pad (ASS `\an`, 1 to 9); nothing for other digits.
[[nodiscard]] std::optional<Place> numpad_place(int digit);

/// Text gathered piece by piece, with what its tags say.
class Markup {
  public:
    explicit Markup(bool italic = false) { turn(italic); }
    /// `<i>` and what else WebVTT and SubRip know, entities, and ASS overrides in braces.
    void add(std::string_view line);
    /// ASS: overrides in braces, `\N`, `\n`, `\h`; `<` and `&` are letters.
    void add_ass(std::string_view text);
    void new_line();
    [[nodiscard]] Words take();

    std::optional<Place> anchor;                        ///< by `\an` or `\a`
    std::optional<std::pair<double, double>> position;  ///< by `\pos`, in the script's own pixels

  private:
    void turn(bool italic);
    void tag(std::string_view name);
    void overrides(std::string_view block);
    void append(std::string_view text);

    Words words_;
    bool italic_ = false, drawing_ = false;
    std::size_t since_ = 0;  ///< of italics that are on
};

/// ASS or SSA; `lines` are the whole file's.
[[nodiscard]] std::vector<SubtitleCue> parse_ass(const std::vector<std::string_view>& lines,
                                                 const std::string& what);

}  // namespace riverlight::player::markup
