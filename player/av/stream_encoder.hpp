#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "player/av/coding.hpp"
#include "player/av/picture.hpp"

namespace riverlight::player {

struct StreamEncoderOptions {
    Coding coding;
    std::int64_t fullness_bits = 0;  ///< of the decoder's buffer when the first picture is removed from it
    int quality = 0;                 ///< 0 best; each step loses some quality and saves about a tenth
    bool look_ahead = false;         ///< encoder looks one second ahead: for files, not for live output
};

/// Encodes one run of pictures and sound for a feed. The first picture is a key picture, and the first sound
/// frame begins where it begins. One thread. Throws Error where libav has no encoder or refuses the options.
class StreamEncoder {
  public:
    using OnVideo = std::function<void(Bytes access_unit, bool key)>;
    using OnSound = std::function<void(Bytes frame)>;
    StreamEncoder(const StreamEncoderOptions& options, OnVideo on_video, OnSound on_sound);
    ~StreamEncoder();
    /// Adds one frame and its samples (interleaved stereo).
    void add(const Picture& picture, std::span<const float> samples);
    /// Flushes: every picture that was added, and each sound frame that begins before their end.
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
