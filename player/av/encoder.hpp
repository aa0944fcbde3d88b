#pragma once
#include <functional>

#include "player/av/handles.hpp"

namespace riverlight::player::av {

/// Pictures for a file: H.264 through libx264, HEVC through libx265, by quality. HEVC is always coded by one
/// thread.
struct VideoEncoding {
    int width = 0, height = 0;
    Ratio frame_rate{};
    FileCodec codec = FileCodec::h264;
    int crf = 20;
    std::int64_t most_bits = 0;  ///< a second, over two seconds; 0: no limit
    int gop = 50;
    int threads = 1;
    bool global_header = false;
    bool bit_exact = false;
};
/// AAC-LC, MPEG-1 Layer II or AC-3.
struct AudioEncoding {
    AVCodecID codec = AV_CODEC_ID_AAC;
    std::int64_t bit_rate = 160'000;
    bool global_header = false;
    bool bit_exact = false;
};

using OnPacket = std::function<void(AVPacket&)>;

/// libav's encoder of that name; throws Error where this libav has none.
[[nodiscard]] const AVCodec& encoder_named(const char* name);

class VideoEncoder {
  public:
    explicit VideoEncoder(const VideoEncoding& how);
    /// An encoder that is open already.
    explicit VideoEncoder(Handle<AVCodecContext> context);
    void add(const Picture& picture, const OnPacket& out);
    void add(AVFrame& frame, const OnPacket& out);
    void finish(const OnPacket& out);
    [[nodiscard]] const AVCodecContext& context() const { return *context_; }

  private:
    void drain(const OnPacket& out);
    Handle<AVCodecContext> context_;
    Handle<AVPacket> packet_;
    std::int64_t next_ = 0;
};

class AudioEncoder {
  public:
    explicit AudioEncoder(const AudioEncoding& how);
    /// Interleaved stereo; any length, what does not fill a frame waits.
    void add(const float* samples, std::size_t frames, const OnPacket& out);
    void finish(const OnPacket& out);
    [[nodiscard]] const AVCodecContext& context() const { return *context_; }

  private:
    void encode(std::size_t frames, const OnPacket& out);
    void drain(const OnPacket& out);
    Handle<AVCodecContext> context_;
    Handle<AVPacket> packet_;
    std::vector<float> waiting_;
    std::int64_t next_ = 0;
};

}  // namespace riverlight::player::av
