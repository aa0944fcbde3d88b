#pragma once
#include <memory>
#include <string>

#include "player/av/handles.hpp"
#include "player/av/reader.hpp"

namespace riverlight::player::av {

/// libav's decoders that may be used, by name; all others are refused.
inline constexpr const char* allowed_decoders =
    "h264,hevc,mpeg1video,mpeg2video,mpeg4,vp8,vp9,av1,libdav1d,mjpeg,png,ffv1,rawvideo,prores,aac,ac3,eac3,"
    "mp2,mp2float,mp3,"
    "mp3float,opus,libopus,vorbis,flac,alac,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s32le,pcm_f32le,pcm_f64le,pcm_"
    "u8,"
    "pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,"
    "libvpx,libvpx-vp9";  // the only ones that decode the alpha of VP8 and VP9
/// The further ones for still images (MediaLimits::still_images).
inline constexpr const char* still_image_decoders = ",webp,bmp,tiff,gif";
/// The further ones for what authors bring (MediaLimits::author_formats): camcorders, editors, old phones,
/// screen recorders, television.
inline constexpr const char* author_decoders =
    ",dvvideo,dnxhd,cfhd,qtrle,huffyuv,ffvhuff,utvideo,jpeg2000,theora,h263,msmpeg4v2,msmpeg4,wmv1,wmv2,wmv3,"
    "vc1,flv,aac_latm,s302m,dca,amrnb,amrwb,wmav1,wmav2,speex,adpcm_ima_qt,pcm_s8,pcm_s24be,pcm_s32be,"
    "pcm_f32be,pcm_f64be,pcm_dvd,pcm_bluray";
/// libav's decoder for a stream; null: it has none. libvpx decodes the alpha that WebM keeps beside the
/// pictures of VP8 and VP9; libav's own decoders ignore it.
[[nodiscard]] const AVCodec* decoder_for(const AVStream& stream);
[[nodiscard]] std::string decoders_for(const MediaLimits& limits);
[[nodiscard]] bool is_allowed(const AVCodec& codec, const MediaLimits& limits);

/// Decodes one stream: packets in, frames in system memory out. One thread. Only player/av includes this.
class Decoder {
  public:
    virtual ~Decoder() = default;
    /// As avcodec_send_packet; null: end of stream. A frame's `reordered_opaque` is the DTS of its packet, or
    /// none (AV_NOPTS_VALUE).
    [[nodiscard]] virtual int send(const AVPacket* packet) = 0;
    /// As avcodec_receive_frame.
    [[nodiscard]] virtual int receive(AVFrame* frame) = 0;
    /// The name of the hardware in use (`VA-API`, `V4L2`); empty: software.
    [[nodiscard]] virtual std::string hardware() const { return {}; }
};

/// Opens libav's software decoder. Throws Error, `what: reason`.
[[nodiscard]] std::unique_ptr<Decoder> open_software_decoder(const AVCodec& codec, const AVStream& stream,
                                                             const MediaLimits& limits,
                                                             const std::string& what);

}  // namespace riverlight::player::av
