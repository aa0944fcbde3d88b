#pragma once
#include "player/av/picture.hpp"

namespace riverlight::player {

/// Dims pictures towards black, for fades. One thread.
class Fader {
  public:
    /// `shown` (0–256) of 256 parts of the picture over black. At 256 returns `picture` itself; otherwise a
    /// picture that is valid until the next call.
    [[nodiscard]] const Picture& apply(const Picture& picture, int shown);

  private:
    Picture faded_;
};

}  // namespace riverlight::player
