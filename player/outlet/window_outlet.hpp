#pragma once
#include <memory>

#include "player/outlet/outlet.hpp"

namespace riverlight::player {

/// A window on a desktop, with sound through SDL's default device (silent if there is none). Throws Error if
/// there is no desktop. Only here is SDL used.
[[nodiscard]] std::unique_ptr<Outlet> make_window_outlet(const Format& format);

}  // namespace riverlight::player
