#pragma once
#include <functional>
#include <vector>

#include "player/av/file_writer.hpp"
#include "player/av/handles.hpp"

/// libav's encoders. Only player/av includes this.
namespace riverlight::player::av {

/// Pictures for a file at constant quality: H.264 by libx264, HEVC by libx265 (always on one thread).
struct VideoEncoding {
    int width = 0, height = 0;
    Ratio frame_rate{};
    FileCodec codec = FileCodec::h264;
    int crf = 20;
    std::int64_t max_rate = 0;  ///< bit/s, over two seconds; 0: no limit
    int gop = 50;               ///< pictures from one key picture to the next
    int threads = 1;
    bool global_header = false;
    bool bit_exact = false;
};
/// Sound: AAC-LC, MPEG-1 Layer II or AC-3.
struct AudioEncoding {
    AVCodecID codec = AV_CODEC_ID_AAC;
    std::int64_t bit_rate = 160'000;
    bool global_header = false;
    bool bit_exact = false;
};

using OnPacket = std::function<void(AVPacket&)>;

/// libav's encoder of that name. Throws Error where this libav has none.
[[nodiscard]] const AVCodec& encoder_named(const char* name);

/// Encodes pictures. One thread. Throws Error where libav refuses one.
class VideoEncoder {
  public:
    explicit VideoEncoder(const VideoEncoding& how);
    /// Takes over a codec context that is already open.
    explicit VideoEncoder(Handle<AVCodecContext> context);
    /// Encodes a picture of the encoder's size; calls `out` with each packet that is ready.
    void add(const Picture& picture, const OnPacket& out);
    void add(AVFrame& frame, const OnPacket& out);
    void finish(const OnPacket& out);
    [[nodiscard]] const AVCodecContext& context() const { return *context_; }

  private:
    void drain(const OnPacket& out);
    Handle<AVCodecContext> context_;
    Handle<AVPacket> packet_;
    std::int64_t next_ = 0;  ///< pts of the next picture
};

/// Encodes sound. One thread. Throws Error where libav refuses it.
class AudioEncoder {
  public:
    explicit AudioEncoder(const AudioEncoding& how);
    /// Adds interleaved stereo of any length; samples that do not fill a frame are kept for the next call.
    void add(const float* samples, std::size_t frames, const OnPacket& out);
    void finish(const OnPacket& out);
    [[nodiscard]] const AVCodecContext& context() const { return *context_; }

  private:
    void encode(std::size_t frames, const OnPacket& out);
    void drain(const OnPacket& out);
    Handle<AVCodecContext> context_;
    Handle<AVPacket> packet_;
    std::vector<float> pending_;  ///< not yet enough for a frame
    std::int64_t next_ = 0;       ///< pts of the next frame
};

}  // namespace riverlight::player::av
