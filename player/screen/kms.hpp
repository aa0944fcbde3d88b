#pragma once
#include <memory>
#include <string>

#include "player/screen/display.hpp"

namespace riverlight::player {

/// The graphics device at `path` by atomic kernel mode setting (Linux Documentation/gpu/drm-kms.rst; libdrm).
/// Throws Error if it has no atomic mode setting.
[[nodiscard]] std::unique_ptr<Display> open_kms_device(const std::string& path);
/// The device that `spec` names; otherwise the first with a display, or the first at all. Throws Error if
/// there is none, or if it has no atomic mode setting.
[[nodiscard]] std::unique_ptr<Display> open_kms(const ScreenSpec& spec);

}  // namespace riverlight::player
