#pragma once
#include <memory>
#include <string>

#include "player/av/decoder.hpp"

namespace riverlight::player::av {

/// The hardware decoders of a machine. Only player/av includes this.
class HardwareDecoders {
  public:
    virtual ~HardwareDecoders() = default;
    /// Opens a decoder for the stream; null where no hardware decodes it. A device's fault never throws.
    [[nodiscard]] virtual std::unique_ptr<Decoder> open(const AVStream& stream,
                                                        const MediaLimits& limits) = 0;
    /// Excludes the hardware of that name for the life of this process: it failed during a file.
    virtual void exclude(const std::string& hardware) = 0;
};

/// This machine's: V4L2 mem2mem (Linux userspace-api/media/v4l/dev-decoder.rst) for progressive 8-bit 4:2:0,
/// then VA-API on each render node. Searches /dev once per process. Any thread.
[[nodiscard]] HardwareDecoders& system_hardware_decoders();

}  // namespace riverlight::player::av
