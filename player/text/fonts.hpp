#pragma once
#include <string>
#include <string_view>

namespace riverlight::player {

/// Font families for a text, most preferred first, separated by commas: those of the locale's own script,
/// those of the other scripts in the text, then general ones. All are Noto, so that a text looks the same on
/// every board; Pango falls back to whatever else is installed.
[[nodiscard]] std::string font_stack(std::string_view text, std::string_view locale);

/// Whether a paragraph runs from right to left: by its first letter with a direction (UAX #9, P2 and P3), or
/// else by the locale's script.
[[nodiscard]] bool is_right_to_left(std::string_view paragraph, std::string_view locale);

}  // namespace riverlight::player
