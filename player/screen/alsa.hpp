#pragma once
#include <memory>
#include <string>

#include "player/screen/loudspeaker.hpp"

namespace riverlight::player {

/// ALSA's PCM device of that name (`aplay -L`), non-blocking, 48 kHz stereo. Throws Error with ALSA's reason.
/// alsa-lib is used only here.
[[nodiscard]] std::unique_ptr<SoundDevice> open_alsa(const std::string& name);

}  // namespace riverlight::player
