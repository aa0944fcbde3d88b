#pragma once
#include <string>
#include <string_view>

namespace riverlight::player {

/// Font families for a text, best first, separated by commas: the locale's own script, the other scripts that
/// stand in the text, then what reads everywhere. Noto throughout, so that a text looks the same on every
/// board; Pango goes on to whatever else is installed.
[[nodiscard]] std::string font_stack(std::string_view text, std::string_view locale);

/// Which way a paragraph runs: by its first letter that has a direction (UAX #9, P2 and P3), else by the
/// locale's script.
[[nodiscard]] bool right_to_left(std::string_view paragraph, std::string_view locale);

}  // namespace riverlight::player
