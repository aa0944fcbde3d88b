#pragma once
#include <memory>
#include <string>

#include "player/av/handles.hpp"

/// Packets in, frames in the system's memory out: by libav's own decoders, or by one that the machine has.
/// Only player/av includes this.
namespace riverlight::player::av {

/// What libav's decoders may be, by name; anything else is refused.
inline constexpr const char* decoders_allowed =
    "h264,hevc,mpeg1video,mpeg2video,mpeg4,vp8,vp9,av1,libdav1d,mjpeg,png,ffv1,rawvideo,prores,aac,ac3,eac3,"
    "mp2,mp2float,mp3,"
    "mp3float,opus,libopus,vorbis,flac,alac,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8";

/// One stream's decoder. One thread.
class Decoder {
  public:
    virtual ~Decoder() = default;
    /// As avcodec_send_packet; null: nothing more comes.
    [[nodiscard]] virtual int send(const AVPacket* packet) = 0;
    /// As avcodec_receive_frame.
    [[nodiscard]] virtual int receive(AVFrame* frame) = 0;
    /// By what the machine's decoder is known (`VA-API`, `V4L2`); empty: one of libav's own.
    [[nodiscard]] virtual std::string machine() const { return {}; }
};

/// libav's own; throws Error, `what: reason`, where it cannot be opened.
[[nodiscard]] std::unique_ptr<Decoder> own_decoder(const AVCodec& codec, const AVStream& stream,
                                                   const MediaLimits& limits, const std::string& what);

/// The decoders that the machine has besides its processor.
class Machine {
  public:
    virtual ~Machine() = default;
    /// One for that stream; null where there is none. Never throws for what a device does.
    [[nodiscard]] virtual std::unique_ptr<Decoder> open(const AVStream& stream,
                                                        const MediaLimits& limits) = 0;
    /// One of its decoders gave up in the middle: it is not asked again by this process.
    virtual void distrust(const std::string& machine) = 0;
};

/// This machine's: V4L2 mem2mem (Linux userspace-api/media/v4l/dev-decoder.rst) for 8-bit 4:2:0 that is not
/// interlaced, then VA-API on each of its render nodes. What is not there costs one look into /dev a process.
/// Any thread.
[[nodiscard]] Machine& this_machine();

}  // namespace riverlight::player::av
