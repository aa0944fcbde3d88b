#pragma once
#include <string_view>

/// The named character references of HTML (Living Standard, 13.5), which WebVTT uses too. Only player/text
/// includes this.
namespace riverlight::player {

/// What `name` stands for, without `&` and semicolon, in UTF-8; empty if there is no such name. Names have at
/// most 32 letters and digits.
[[nodiscard]] std::string_view text_of_html_name(std::string_view name);
/// The longest name at the beginning of `text` that HTML reads without a semicolon (`copy`, `amp`); empty if
/// none.
[[nodiscard]] std::string_view bare_html_name(std::string_view text);

}  // namespace riverlight::player
