#pragma once
#include <chrono>
#include <functional>
#include <vector>

namespace riverlight::player {

/// Decoded sound as its file has it, before its channels are mixed and its rate is converted.
struct SourceSamples {
    std::chrono::microseconds at{};  ///< of the first sample, from the file's origin
    int rate = 0;                    ///< samples a second
    int channels = 0;
    std::vector<float> interleaved;  ///< −1…+1: full scale of the file's format
};
/// Is given each decoded frame of sound, in order.
using SourceListener = std::function<void(const SourceSamples&)>;

}  // namespace riverlight::player
