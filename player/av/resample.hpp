#pragma once
#include <string>

#include "player/av/demux.hpp"

/// Decoded sound as 48 kHz stereo, each sample where it belongs. Only player/av includes this.
namespace riverlight::player::av {

/// One thread.
class Resample {
  public:
    /// Begins at `begin` seconds of the file; what lies before is cut off. `what` names the file in errors.
    Resample(std::string what, Ratio begin) : what_(std::move(what)), begin_(begin) {}

    /// A frame that its container puts `at` seconds (null: right behind the one before). A gap is filled with
    /// silence, an overlap cut. May give nothing yet.
    [[nodiscard]] Samples take(const AVFrame& frame, const Ratio* at);
    /// What is still held, once.
    [[nodiscard]] Samples finish();

  private:
    void open(const AVFrame& frame);
    [[nodiscard]] Samples convert(const AVFrame* frame);
    [[nodiscard]] bool meet(const AVFrame& frame, std::int64_t here);

    std::string what_;
    Ratio begin_;
    Handle<SwrContext> resampler_;
    std::int64_t expected_ = 0;  ///< input sample that should come next, from the file's origin
    bool begun_ = false, sounding_ = false, finished_ = false;
};

/// The next run of a file's samples, as Reader::next_samples() gives them.
[[nodiscard]] Samples next_of(Demux& file, Resample& resample);

}  // namespace riverlight::player::av
