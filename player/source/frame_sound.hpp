#pragma once
#include <cstdint>
#include <vector>

#include "player/av/reader.hpp"

namespace riverlight::player {

/// Cuts a reader's samples into outlet frames, applies gain, and fills with silence. One thread.
class FrameSound {
  public:
    /// `reader` outlives this object.
    FrameSound(Reader& reader, double gain_db, std::int64_t samples_a_frame);

    /// The next frame's samples; `from_media`: whether any of them came from the media.
    [[nodiscard]] std::vector<float> next(bool& from_media);

  private:
    Reader* reader_;  ///< null: it has ended
    float gain_;
    std::size_t size_;
    std::vector<float> pending_;
    std::size_t read_ = 0;  ///< of pending_
};

}  // namespace riverlight::player
