#pragma once
#include "player/av/filter_chain.hpp"
#include "player/av/ratio.hpp"

/// What only the container says of a stream's pictures. Only player/av includes this.
namespace riverlight::player::av {

/// Size, orientation and sample aspect ratio.
[[nodiscard]] PictureFormat declared_format(AVFormatContext& format, AVStream& stream);
/// Pictures a second, as libav estimates them; 0/1: unknown.
[[nodiscard]] Ratio declared_rate(AVFormatContext& format, AVStream& stream);
/// Sets the orientation that an image's file asks for (image_orientation.hpp), which libav's demuxers leave
/// out. A picture whose decoder knows it keeps the decoder's.
void set_orientation(AVStream& stream, Orientation orientation);
/// Adds to a decoded picture the orientation (phones) and the sample aspect ratio (DVDs).
void add_container_facts(AVFrame& frame, AVFormatContext& format, AVStream& stream);

}  // namespace riverlight::player::av
