#pragma once
#include <memory>
#include <span>

#include "player/av/av.hpp"

namespace riverlight::player {

/// Sound made a few millionths longer or shorter without a seam: how one clock's samples are heard by
/// another's (libswresample, compensated). 48 kHz stereo. One thread.
class SoundRate {
  public:
    SoundRate();
    ~SoundRate();
    SoundRate(SoundRate&&) noexcept;
    /// `ppm` more samples come out than went in, on average; −2000…2000, may change with every call. Some
    /// are held back for the next call, always as many but for one or two.
    [[nodiscard]] Samples run(std::span<const float> samples, double ppm);
    /// How many sample frames are held back now.
    [[nodiscard]] std::int64_t held() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
