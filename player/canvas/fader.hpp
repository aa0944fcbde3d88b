#pragma once
#include "player/av/av.hpp"

namespace riverlight::player {

/// Shows a picture in part, over black. One thread.
class Fader {
  public:
    /// `shown` of 256 is seen of `picture`, which at 256 is given back itself. Valid until the next call.
    [[nodiscard]] const Picture& lay(const Picture& picture, int shown);

  private:
    Picture faded_;
};

}  // namespace riverlight::player
