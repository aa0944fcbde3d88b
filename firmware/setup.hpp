#pragma once
#include <string>

#include "firmware/config/config.hpp"
#include "firmware/follow/follower.hpp"
#include "firmware/outlet/outlet_setup.hpp"
#include "firmware/outlet/rendition_checker.hpp"
#include "firmware/report/reporter.hpp"
#include "firmware/staging/stager.hpp"
#include "firmware/start/decision.hpp"
#include "firmware/update/update_runner.hpp"

/// What the settings ask of each part of a board. What only a running board knows (callbacks) is left out.
/// Pure, but for update_setup().
namespace riverlight::firmware {

/// Path of the player: from the settings, else beside this program.
[[nodiscard]] std::string player_program(const Config& config);
/// Whom players become: as the settings say, else usual_player_user where the system has it. Empty: nobody,
/// since this process is not root's, or there is no such user.
[[nodiscard]] std::string player_user(const Config& config);
inline constexpr const char* usual_player_user = "riverlight-player";
[[nodiscard]] RenditionChecker::Setup validator_setup(const Config& config, const std::string& media);
/// `folder`: where players keep their files; `media`: what they may read.
[[nodiscard]] OutletSetup outlet_setup(const Config& config, const OutletConfig& outlet,
                                       const std::string& folder, const std::string& media);
[[nodiscard]] StagingSetup staging_setup(const Config& config, const StartDecision& start);
[[nodiscard]] FollowSetup follow_setup(const Config& config, const std::string& store);
/// Nothing if this system is not one that a channel can update: no image of Riverlight. Reads os-release.
[[nodiscard]] std::optional<UpdateRunner::Setup> update_setup(const Config& config, const SystemPaths& system,
                                                              const std::string& store);
/// When the place can do without its board: its own open hours from the settings, else the channel's.
/// `place`: null while there is no programme.
[[nodiscard]] PlaceHours place_hours(const Config& config, const content::Place* place);
/// The settings must have an office.
[[nodiscard]] ReportSetup report_setup(const Config& config);

}  // namespace riverlight::firmware
