#pragma once
#include <memory>
#include <string>

#include "player/outlet/outlet.hpp"

namespace riverlight::player {

/// Writes frames to `folder`/frames.y4m (YUV4MPEG2) and sound to `folder`/sound.wav (16-bit PCM): formats
/// that every tool reads. Throws Error if the folder cannot be written.
[[nodiscard]] std::unique_ptr<Outlet> make_capture_outlet(const std::string& folder, const Format& format);

}  // namespace riverlight::player
