#pragma once
#include <string_view>

/// The files of assets/, part of the program. Pages reach them through page.hpp.
namespace riverlight::html {

extern const std::string_view style_css, live_js, icon_svg;

}  // namespace riverlight::html
