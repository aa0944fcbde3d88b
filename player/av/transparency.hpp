#pragma once
#include "player/av/handles.hpp"

/// Pictures with an alpha channel or a transparent palette. Only player/av includes this.
namespace riverlight::player::av {

/// True for a pixel format in which pixels may be transparent.
[[nodiscard]] bool may_be_transparent(const AVFrame& frame);

/// The frame composed over `background` (0xRRGGBB), as RGB without alpha: the colour that stands behind
/// transparent pixels is not meant to be seen. Keeps times and side data. Throws Error where libav cannot
/// convert it.
[[nodiscard]] Handle<AVFrame> composed(const AVFrame& frame, std::uint32_t background);

}  // namespace riverlight::player::av
