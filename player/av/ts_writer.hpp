#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "player/av/av.hpp"

namespace riverlight::player {

/// What a feed's transport stream is made of.
struct TsOptions {
    int width = 1280, height = 720;
    Ratio frame_rate{25, 1};
    std::int64_t video_bit_rate = 4'500'000;
    std::int64_t audio_bit_rate = 192'000;
    std::int64_t mux_rate = 6'000'000;
    std::string service = "Riverlight", provider = "Riverlight";
};

/// Encodes and multiplexes one constant-rate MPEG transport stream (ISO/IEC 13818-1): H.264 High, MPEG-1
/// Layer II at 48 kHz, null stuffed, PCR by the byte clock every ≤ 30 ms, PAT and PMT every 100 ms, SDT every
/// 500 ms. One thread.
class TsWriter {
  public:
    /// Whole packets of 188 bytes, in order.
    using Sink = std::function<void(std::span<const std::uint8_t>)>;
    TsWriter(const TsOptions& options, Sink sink);
    ~TsWriter();
    /// One frame and the sound that belongs to it, interleaved stereo.
    void add(const Picture& picture, std::span<const float> samples);
    void finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace riverlight::player
