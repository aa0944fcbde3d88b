#pragma once
#include <string_view>

/// The files of assets/, part of the program.
namespace riverlight::office::assets {

extern const std::string_view openapi_json;

}  // namespace riverlight::office::assets
