#pragma once
#include <cstdint>
#include <optional>

#include "player/av/handles.hpp"

namespace riverlight::player::av {

/// When each frame of a file's sound is heard, where libav derives timestamps from the length that a frame
/// had when the file was opened: wrong as soon as the sampling rate changes. Files that hold nothing but
/// coded sound (ADTS, MP3, FLAC, Ogg) have no times that matter: each frame follows the one before, also
/// where files were put one behind the other. In MPEG streams the times that a packet says count (ISO/IEC
/// 13818-1, 2.4.3.7), and each other frame follows the one before. One thread.
class SoundTimes {
  public:
    /// Nothing for a file whose container gives each frame its time.
    [[nodiscard]] static std::optional<SoundTimes> of(const AVFormatContext& format);

    /// The time of the next frame, in `time_base`; nothing: directly after the frame before.
    [[nodiscard]] std::optional<std::int64_t> take(const AVFrame& frame, AVRational time_base);

  private:
    enum class Derived : std::uint8_t { all, some };
    explicit SoundTimes(Derived derived) : derived_(derived) {}
    [[nodiscard]] bool is_derived(const AVFrame& frame) const;

    Derived derived_;
    std::optional<std::int64_t> end_;       ///< of the frame before, in ticks of 28.224 MHz
    std::optional<std::int64_t> expected_;  ///< what libav would say of the next frame
};

}  // namespace riverlight::player::av
