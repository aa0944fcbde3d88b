#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "player/av/reader.hpp"
#include "player/source/frame_pictures.hpp"
#include "player/source/inset.hpp"
#include "player/source/threaded_source.hpp"

namespace riverlight::player {

/// Draws a sign language interpreter into a corner of the item's pictures. A fault of its file is noted, and
/// the item goes on without the interpreter. One thread.
class Interpreter {
  public:
    /// `lift`: height of the strap below it, with its space. `spec` and `sink` outlive this object.
    Interpreter(const SourceSpec& spec, const FrameSelection& selection, int lift, PieceSink& sink);
    /// Columns at the canvas's right that it uses; 0: there is no interpreter.
    [[nodiscard]] int columns() const { return pictures_ ? reserved_columns(spec_.format, box_) : 0; }

    /// Replaces the piece's picture by a copy with the interpreter, as frame `n` shows it.
    void add_to(std::int64_t n, Piece& piece);
    /// At the item's end: verifies its file.
    void finish();

  private:
    template <class Work>
    void attempt(const Work& work);

    const SourceSpec& spec_;
    PieceSink& sink_;
    InsetBox box_;
    std::optional<Reader> reader_;
    std::optional<FramePictures> pictures_;
    SharedPictures copies_;
    std::shared_ptr<Picture> composed_;  ///< the last copy, for frames that repeat it
};

}  // namespace riverlight::player
