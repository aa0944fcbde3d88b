#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "player/av/picture.hpp"
#include "player/av/ratio.hpp"
#include "player/av/samples.hpp"

namespace riverlight::player {

/// Video codec of a segment's file.
enum class FileCodec { h264, hevc };

struct WriterOptions {
    int width = 1280, height = 720;
    Ratio frame_rate{25, 1};
    bool sound = true;
    bool picture = true;
    FileCodec codec = FileCodec::h264;
    int crf = 20;                     ///< constant rate factor of the codec; HEVC looks alike at 3 to 4 more
    std::int64_t max_video_rate = 0;  ///< bit/s of pictures, over two seconds; 0: no limit
    int audio_bitrate = 160'000;      ///< bit/s
    bool deterministic = true;        ///< one thread; no dates and no encoder versions in the file
};

/// Writes picture and sound, or one of them, to an .mp4/.m4a file (H.264 High or HEVC Main; AAC-LC) with
/// closed GOPs of 2 s and the index at the front. One thread. Throws Error with the path and the reason.
class FileWriter {
  public:
    FileWriter(const std::string& path, const WriterOptions& options);
    ~FileWriter();
    FileWriter(FileWriter&&) noexcept;
    /// Adds the next frame, at the frame rate. Requires `options.picture`.
    void add(const Picture& picture);
    /// Adds the next samples. Requires `options.sound`.
    void add(const Samples& samples);
    /// Flushes the encoders and writes the index.
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
