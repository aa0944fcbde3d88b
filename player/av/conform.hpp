#pragma once
#include <deque>
#include <optional>
#include <string>

#include "player/av/handles.hpp"
#include "player/av/look.hpp"

/// Decoded pictures made into the house's: deinterlaced, turned upright, scaled, padded, in its colours. Only
/// player/av includes this.
namespace riverlight::player::av {

/// libavfilter's graph for what comes in, made anew where that changes its look; no picture is lost there.
/// One thread.
class Conform {
  public:
    /// Into width × height, aspect kept; 0 × 0: each picture's own size. `what` names the file in errors.
    Conform(std::string what, int width, int height)
        : what_(std::move(what)), width_(width), height_(height) {}

    /// Takes a picture whose pts counts in `base`.
    void take(AVFrame& frame, AVRational base);
    /// Nothing more comes. False where nothing ever came, or this was said before.
    bool finish();
    [[nodiscard]] bool finished() const { return finished_; }
    /// True while a deinterlacer looks at every picture.
    [[nodiscard]] bool interlaced() const { return look_.interlaced; }
    struct Done {
        std::int64_t pts = 0;
        AVRational base{};
        Picture picture;
    };
    /// The next picture that is ready, in the memory of one of `spares`, if there are; nothing: give it more.
    [[nodiscard]] std::optional<Done> next(Spares* spares = nullptr);

  private:
    void configure(AVRational base);
    [[nodiscard]] std::optional<Done> taken_out(Spares* spares);

    std::string what_;
    int width_ = 0, height_ = 0;
    Look look_;
    Handle<AVFilterGraph> graph_;
    AVFilterContext *in_ = nullptr, *out_ = nullptr;
    std::deque<Done> left_;  ///< of a graph that was replaced
    bool finished_ = false;
};

}  // namespace riverlight::player::av
