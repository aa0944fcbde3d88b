#pragma once
#include <memory>
#include <string>

#include "player/outlet/outlet.hpp"

namespace riverlight::player {

/// A display without a desktop (player/screen), with sound through ALSA. The display keeps the time.
/// `spec`: `drm…` (player/screen/mode.hpp). `panel_on` false: the display is off until it is switched on.
[[nodiscard]] std::unique_ptr<Outlet> make_screen_outlet(const std::string& spec, const Format& format,
                                                         bool panel_on);
/// The format of that screen's display: opens the graphics device to ask.
[[nodiscard]] Format format_of_screen(const std::string& spec);

}  // namespace riverlight::player
