#pragma once
#include <string>
#include <string_view>

namespace riverlight {

/// Text as HTML and XML 1.0 show it, inside an element or a quoted attribute: & < > " ' are written as
/// references; control characters, for which XML has no place, are left out, but for tab and line ends.
[[nodiscard]] std::string markup_escaped(std::string_view text);

}  // namespace riverlight
