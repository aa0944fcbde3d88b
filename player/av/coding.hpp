#pragma once
#include <cstdint>
#include <vector>

#include "player/av/ratio.hpp"

/// How a feed's pictures and sound are coded. Frames coded alike can follow each other without decoding.
namespace riverlight::player {

using Bytes = std::vector<std::uint8_t>;

enum class VideoCodec { h264, mpeg2 };
enum class SoundCodec { mp2, aac, ac3 };

/// The coding of a feed. No B pictures, so that coded order is presentation order and any number of pictures
/// can be followed by a key picture. GOPs are closed. Parameter sets depend on this struct alone.
struct Coding {
    int width = 1280, height = 720;  ///< as composed: square pixels, 16:9
    int coded_width = 1280;          ///< as coded; 720 of 1024 in 576i
    Ratio rate{25, 1};               ///< frames a second
    bool interlaced = false;         ///< frames are coded as two fields, top field first
    VideoCodec video = VideoCodec::h264;
    SoundCodec sound = SoundCodec::mp2;
    std::int64_t video_rate = 4'000'000;   ///< highest rate into the decoder's buffer, bit/s
    std::int64_t buffer_bits = 2'000'000;  ///< size of the decoder's buffer (VBV)
    std::int64_t sound_rate = 192'000;     ///< bit/s
    int gop = 24;                          ///< pictures from one key picture to the next
    const char* level = "3.1";             ///< of H.264
};

/// Samples (of each channel) in one coded sound frame.
[[nodiscard]] int sound_frame_samples(SoundCodec codec);
/// How many samples a sound frame's decoded samples are ahead of its nominal place: coded frame k of a run
/// decodes to samples from k × size − advance. Runs are cut so that a run loses nothing of its beginning when
/// it follows another.
[[nodiscard]] int sound_advance(SoundCodec codec);

/// One picture in coded order, with the sound frames that begin while it is shown.
struct CodedFrame {
    Bytes video;  ///< a whole access unit, H.264 Annex B or MPEG-2; key pictures repeat all parameter sets
    bool key = false;
    std::vector<Bytes> sound;  ///< whole frames; AAC with ADTS headers
};

}  // namespace riverlight::player
