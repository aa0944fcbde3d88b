#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "player/av/image_header.hpp"

namespace riverlight::player::av {

/// Codecs that keep a picture's size in parameter sets.
enum class SizedCodec { h264, hevc, mpeg2 };

/// The size that a stream's parameter sets declare, in whole macroblocks or coding blocks, as libav keeps
/// them (`AVCodecParameters::extradata`). Those of H.264 and HEVC with start codes or as in MP4 (ISO/IEC
/// 14496-15). libav names no size that it refuses itself. Nothing where they are damaged or absent. Only
/// player/av includes this.
[[nodiscard]] std::optional<DeclaredSize> coded_size(SizedCodec codec, std::span<const std::uint8_t> sets);

}  // namespace riverlight::player::av
