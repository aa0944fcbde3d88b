#pragma once
#include <functional>
#include <string>
#include <vector>

#include "content/airing/media_damage.hpp"
#include "content/base/instant.hpp"
#include "content/segment/open_hours.hpp"

/// What the board's settings ask of an outlet, and of its player. Plain values.
namespace riverlight::firmware {

/// How an outlet's player process is started.
struct PlayerSetup {
    std::string program;               ///< path of riverlight-player
    std::vector<std::string> options;  ///< of its command line: outputs, profile, names
    std::string folder;                ///< where it keeps its snapshot and a feed's memory
    std::string media;                 ///< the folder that it may read
    std::string user;                  ///< whom it becomes; empty: the daemon's own
    int memory_mb = 1024;              ///< the most memory it may use
    bool hardware_decoder = true;      ///< of a screen: the machine's decoders are tried first

    [[nodiscard]] std::string snapshot() const { return folder + "/snapshot.jpg"; }
};

/// More than 12 members: one for each fact of the settings, and what only a running board knows.
struct OutletSetup {
    std::string id;
    std::string hls;      ///< folder of its HLS output; empty: none
    bool feed = false;    ///< a TV feed; else a screen
    bool avails = false;  ///< of a feed: open time is announced to its partner
    std::string profile;  ///< of a feed's renditions; empty for a screen
    std::string place;
    bool display = false;                  ///< it can be switched off
    std::vector<content::OpenHours> open;  ///< of a display: the board's own open hours; empty: the place's
    PlayerSetup player;
    std::string boot_id;
    /// Of a feed: whether a rendition was found unfit to be spliced.
    std::function<bool(const std::string& path)> is_refused;
    /// A player found a media file damaged. Absent: nobody is told.
    std::function<void(const content::MediaDamage&)> on_damage;
    /// What was planned before this is not missed: the board was not in service yet.
    std::function<Instant()> in_service_since;
};

/// The command line of an outlet's player, program first. `slate` are the slate's options.
[[nodiscard]] std::vector<std::string> player_command_line(const OutletSetup& setup,
                                                           const std::vector<std::string>& slate,
                                                           bool hardware_decoder, bool panel_on);

}  // namespace riverlight::firmware
