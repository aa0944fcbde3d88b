#pragma once
#include <vector>

namespace riverlight::player {

/// 48 kHz stereo float samples, interleaved.
using Samples = std::vector<float>;
inline constexpr int sample_rate = 48'000;

}  // namespace riverlight::player
