#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "player/av/samples.hpp"

namespace riverlight::player {

/// Stretches or shortens sound by millionths without a seam, so that samples paced by one clock can be played
/// by another (libswresample with compensation). 48 kHz stereo. One thread. Throws Error where libswresample
/// refuses.
class AdaptiveResampler {
  public:
    AdaptiveResampler();
    ~AdaptiveResampler();
    AdaptiveResampler(AdaptiveResampler&&) noexcept;
    /// Returns, on average, `ppm` more samples than went in: −2000…2000, may change with every call. A nearly
    /// constant number of samples is held back for the next call.
    [[nodiscard]] Samples run(std::span<const float> samples, double ppm);
    /// How many sample frames are held back now.
    [[nodiscard]] std::int64_t held() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
