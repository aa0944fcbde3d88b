#pragma once
#include "player/av/handles.hpp"
#include "player/av/picture.hpp"

/// AVFrame and Picture. Only player/av includes this.
namespace riverlight::player::av {

/// An AVFrame that points at the picture's bytes; the picture must outlive it.
[[nodiscard]] Handle<AVFrame> wrap(const Picture& picture);
/// A frame of the given size and format with a buffer of its own.
[[nodiscard]] Handle<AVFrame> allocate_frame(int width, int height, AVPixelFormat format);
/// Copies a yuv420p frame into the memory of `into`.
[[nodiscard]] Picture copy_picture(const AVFrame& frame, Picture into = {});

}  // namespace riverlight::player::av
