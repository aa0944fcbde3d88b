#pragma once
#include <string_view>

/// The files of assets/, part of the program.
namespace riverlight::office::assets {

extern const std::string_view style_css, app_js, openapi_json, icon_svg;

}  // namespace riverlight::office::assets
