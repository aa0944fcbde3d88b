#pragma once
#include <deque>
#include <optional>
#include <string>

#include "player/av/filter_chain.hpp"
#include "player/av/handles.hpp"
#include "player/av/picture_pool.hpp"

namespace riverlight::player::av {

/// Converts decoded pictures to the canvas format with a libavfilter graph (filter_chain.hpp). Where the
/// format of the input changes, it drains the graph and builds a new one, so that no picture is lost. One
/// thread. Only player/av includes this.
class PictureConverter {
  public:
    /// No canvas: each picture keeps its display size. `file` names the file in errors.
    PictureConverter(std::string file, std::optional<Size> canvas,
                     Deinterlace deinterlace = Deinterlace::frames)
        : file_(std::move(file)), canvas_(canvas), deinterlace_(deinterlace) {}

    /// Adds a picture whose pts counts in `time_base`. Throws Error where libavfilter cannot convert it.
    void push(AVFrame& frame, AVRational time_base);
    /// Marks the end of the input. False where there was no input, or the end was already marked.
    bool finish();
    [[nodiscard]] bool finished() const { return finished_; }
    /// True once an interlaced picture was seen: the deinterlacer then needs every picture.
    [[nodiscard]] bool interlaced() const { return format_.interlaced; }
    struct Converted {
        std::int64_t pts = 0;
        AVRational time_base{};
        Picture picture;
    };
    /// The next converted picture, in memory from `pool` where there is one; nothing: push more.
    [[nodiscard]] std::optional<Converted> next(PicturePool* pool = nullptr);

  private:
    void configure(AVRational time_base);
    [[nodiscard]] std::optional<Converted> pull(PicturePool* pool);

    std::string file_;
    std::optional<Size> canvas_;
    Deinterlace deinterlace_;
    PictureFormat format_;
    Handle<AVFilterGraph> graph_;
    AVFilterContext *in_ = nullptr, *out_ = nullptr;
    std::deque<Converted> drained_;  ///< pictures of the graph before this one
    bool finished_ = false;
};

}  // namespace riverlight::player::av
