#pragma once
#include <string>
#include <string_view>

namespace riverlight::player {

/// Makes any bytes valid UTF-8: invalid bytes become U+FFFD; line ends of any kind (CR LF, NEL, U+2028 …)
/// become
/// `\n`, tabs become spaces; other control characters and byte order marks are removed.
[[nodiscard]] std::string clean_utf8(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);
/// Decodes UTF-8; invalid bytes become U+FFFD.
[[nodiscard]] std::u32string code_points(std::string_view text);
[[nodiscard]] std::string to_utf8(char32_t code_point);
/// Decodes the code point at byte `at` and moves `at` past it; U+FFFD for bytes that are not UTF-8.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);

}  // namespace riverlight::player
