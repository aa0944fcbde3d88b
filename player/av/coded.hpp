#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "player/av/av.hpp"

/// Encoded pictures and sound that a feed can put one after the other without decoding: how they are coded,
/// made, kept in files and read again.
namespace riverlight::player {

using Bytes = std::vector<std::uint8_t>;

enum class VideoCodec { h264, mpeg2 };
enum class SoundCodec { mp2, aac, ac3 };

/// How a feed's pictures and sound are coded. No B pictures, so that coded order is shown order and any whole
/// number of pictures can be followed by a key picture; closed GOPs; parameter sets that depend on this
/// alone.
struct Coding {
    int width = 1280, height = 720;  ///< as composed: square pixels, 16:9
    int coded_width = 1280;          ///< as coded; 720 of 1024 in 576i
    Ratio rate{25, 1};               ///< frames a second
    bool interlaced = false;         ///< frames are coded as two fields, the top one first
    VideoCodec video = VideoCodec::h264;
    SoundCodec sound = SoundCodec::mp2;
    std::int64_t video_rate = 4'000'000;   ///< most the decoder's buffer is filled with, bit/s
    std::int64_t buffer_bits = 2'000'000;  ///< that buffer (VBV)
    std::int64_t sound_rate = 192'000;
    int gop = 24;               ///< pictures from one key picture to the next
    const char* level = "3.1";  ///< of H.264
};

/// Samples (a channel) in one coded sound frame.
[[nodiscard]] int sound_frame_samples(SoundCodec codec);
/// How many samples before its nominal place a sound frame's decoded samples lie: coded frame k of a run
/// decodes to samples k × size − advance. Runs are cut so that what follows another run loses nothing of its
/// beginning.
[[nodiscard]] int sound_advance(SoundCodec codec);

/// One picture in coded order, with the sound frames that begin while it is shown.
struct CodedFrame {
    Bytes video;  ///< H.264 Annex B or MPEG-2, a whole access unit; key ones repeat all parameter sets
    bool key = false;
    std::vector<Bytes> sound;  ///< whole frames; AAC with ADTS headers
};

/// Digest of what a decoder must know before it can show a picture, as hex: SPS and PPS, or the MPEG-2
/// sequence header without its matrices' values changed. Equal digests may follow each other unannounced.
[[nodiscard]] std::string parameters_of(std::span<const std::uint8_t> access_unit, VideoCodec codec);

struct StreamEncoderOptions {
    Coding coding;
    std::int64_t fullness_bits = 0;  ///< the decoder's buffer when the first picture is taken from it
    int quality = 0;                 ///< 0 best; each step costs some quality and saves about a tenth
    bool look_ahead = false;         ///< a second of it: for files, not for what is live
};

/// Encodes one run of pictures and sound. One thread. The first picture is a key picture and the first sound
/// frame begins where it begins.
class StreamEncoder {
  public:
    using OnVideo = std::function<void(Bytes access_unit, bool key)>;
    using OnSound = std::function<void(Bytes frame)>;
    StreamEncoder(const StreamEncoderOptions& options, OnVideo on_video, OnSound on_sound);
    ~StreamEncoder();
    /// One frame and the interleaved stereo samples that belong to it.
    void add(const Picture& picture, std::span<const float> samples);
    /// All pictures added, and as many sound frames as begin before their end.
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Writes coded frames to an MP4 file. Throws Error (disk full) with the reason.
class CodedWriter {
  public:
    CodedWriter(const std::string& path, const Coding& coding);
    ~CodedWriter();
    void add(const CodedFrame& frame);
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads them again, one by one. Throws Error naming the file where it is not what `coding` says.
class CodedReader {
  public:
    CodedReader(const std::string& path, const Coding& coding);
    ~CodedReader();
    /// The next frame; nothing at the end.
    [[nodiscard]] std::optional<CodedFrame> next();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Decodes one key picture, for people to look at; nothing where it does not decode.
[[nodiscard]] std::optional<Picture> decode_key(std::span<const std::uint8_t> access_unit,
                                                const Coding& coding);

}  // namespace riverlight::player
