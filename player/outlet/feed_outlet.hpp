#pragma once
#include <memory>

#include "player/outlet/outlet.hpp"

namespace riverlight::player {

/// A TV partner's transport stream (player/feed) with all its outputs.
[[nodiscard]] std::unique_ptr<Outlet> make_feed_outlet(const OutletOptions& options);

}  // namespace riverlight::player
