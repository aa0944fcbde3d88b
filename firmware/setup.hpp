#pragma once
#include <set>
#include <string>

#include "firmware/config/config.hpp"
#include "firmware/follow/follower.hpp"
#include "firmware/outlet/outlet_setup.hpp"

/// What the settings ask of each part of a board. Pure.
namespace riverlight::firmware {

/// The program that plays: as the settings have it, else beside this one.
[[nodiscard]] std::string player_of(const Config& config);
/// Profiles of its feeds.
[[nodiscard]] std::set<std::string> feeds_of(const Config& config);
/// Without what only the board knows: `is_refused`, `in_service_since`. `keep`: where players keep what is theirs; `media`:
/// what they may read.
[[nodiscard]] OutletSetup setup_of(const Config& config, const OutletConfig& outlet, const std::string& keep,
                                   const std::string& media);
/// Without neighbours.
[[nodiscard]] FollowSetup follow_setup(const Config& config, const std::string& store);

}  // namespace riverlight::firmware
