#pragma once
#include <string>
#include <string_view>

namespace riverlight {

/// Escapes text for HTML and XML 1.0, inside an element or a quoted attribute: & < > " ' become character
/// references. Control characters other than tab and line ends are dropped, since XML 1.0 forbids them;
/// a text that is not UTF-8 is made plain first (plain_text.hpp).
[[nodiscard]] std::string markup_escaped(std::string_view text);

}  // namespace riverlight
