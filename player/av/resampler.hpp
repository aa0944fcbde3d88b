#pragma once
#include <optional>
#include <string>

#include "player/av/demuxer.hpp"
#include "player/av/source_samples.hpp"

namespace riverlight::player::av {

/// Resamples decoded sound to 48 kHz stereo and keeps each sample at its presentation time, also where rate,
/// channels or sample format change inside a file. One thread. Only player/av includes this.
class Resampler {
  public:
    /// Starts `begin` seconds into the file and drops what is earlier. `file` names the file in errors.
    Resampler(std::string file, Ratio begin) : file_(std::move(file)), begin_(begin) {}

    /// From now on gives each frame to `listener` too.
    void listen(SourceListener listener) { listener_ = std::move(listener); }
    /// Adds a frame with presentation time `pts` (seconds; nothing: directly after the one before). Fills a
    /// gap with silence and cuts an overlap. May return nothing yet. Skips a frame without
    /// channels or a possible rate. Call take_held() before the next one.
    [[nodiscard]] Samples push(const AVFrame& frame, std::optional<Ratio> pts);
    /// A frame behind a gap is held back until the silence before it has been returned, in pieces: the next
    /// piece, or the frame; empty: none is held.
    [[nodiscard]] Samples take_held();
    /// The samples that libswresample still holds; empty when called again.
    [[nodiscard]] Samples finish();

  private:
    /// What libswresample was set up for; libav's value needs freeing.
    struct Layout {
        Layout() = default;
        ~Layout() { av_channel_layout_uninit(&value); }
        Layout(const Layout&) = delete;
        Layout& operator=(const Layout&) = delete;
        AVChannelLayout value{};
    };

    [[nodiscard]] bool differs(const AVFrame& frame) const;
    void open(const AVFrame& frame);
    [[nodiscard]] Samples convert(const AVFrame* frame);
    [[nodiscard]] bool align(const AVFrame& frame, std::int64_t position);

    std::string file_;
    SourceListener listener_;
    Ratio begin_;
    Handle<SwrContext> swr_;
    int rate_ = 0, format_ = -1;  ///< of the frames that swr_ takes; rate 0: none came yet
    Layout layout_;
    std::int64_t expected_ = 0;  ///< input sample that should come next, from the file's origin
    bool sounding_ = false;      ///< a frame has been taken
    Handle<AVFrame> held_;
    std::int64_t silence_ = 0;  ///< input samples of it that are due before held_
    bool finished_ = false;
};

/// The next run of a file's samples, as Reader::next_samples() returns it.
[[nodiscard]] Samples next_samples(Demuxer& file, Resampler& resampler);

}  // namespace riverlight::player::av
