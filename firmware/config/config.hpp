#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "content/base/error.hpp"
#include "firmware/config/open_hours.hpp"
#include "firmware/config/sync_config.hpp"

struct OfficeConfig {
    std::string url;         ///< https://…; http:// only to this machine itself
    std::string claim_code;  ///< from `claim_code` or the first line of `claim_code_file`; may be empty
    std::string ca_file;     ///< private CA; empty: the system's
};

/// riverlightd.toml: what a board is told by whoever installs it.
namespace riverlight::firmware {

struct OutletConfig {
    std::string id;                    ///< [a-z0-9-], `screen`
    std::vector<std::string> outputs;  ///< player/cue/output_spec.hpp, each with its place on the disk
    std::string hls;         ///< folder of its HLS output, which the status page hands out; empty: none
    std::string profile;     ///< of a feed; empty: it is none
    std::string fade;        ///< of a screen: `black:MS`; empty: items are cut
    bool avails = false;     ///< of a feed: open time is told to its partner (SCTE 35)
    std::string local_time;  ///< of a feed, `THA+07:00`; empty: receivers are not told
    std::string service, provider, network;  ///< of a feed, as receivers show them; empty: the player's own
};

/// The factory loop of a board's image: what plays where the board's own store cannot.
struct FactoryConfig {
    std::string path;   ///< a store in a read-only folder; empty: there is none
    std::string place;  ///< whose schedule it follows where it does not know the board's; may be empty
};

struct SafeModeConfig {
    int failed_starts = 5;                   ///< so many in a row, 2–100
    std::chrono::seconds lasts{180};         ///< a start that was on air so long has not failed, 5 s – 1 h
    std::chrono::seconds tries_again{3600};  ///< and then all of it, 5 s – 7 days
};

struct Config {
    std::string state;           ///< folder of journal, store, keys
    bool own_partition = false;  ///< it lies on another filesystem than /, or is not mounted
    FactoryConfig factory;
    SafeModeConfig safe_mode;
    std::string channel_url, root, ca_file;
    std::vector<std::string> mirrors;  ///< further addresses of the same channel
    ProxyConfig proxy;                 ///< of the channel
    SyncConfig sync;
    NearbyConfig nearby;
    std::chrono::seconds check{300};  ///< between looks at the channel, 5 s to a day
    std::string place;
    std::vector<OpenHours> open;  ///< when the place's displays are on; empty: always
    std::vector<OutletConfig> outlets;
    std::string listen = "127.0.0.1:8080";  ///< of the status page
    std::optional<OfficeConfig> office;     ///< none: the journal stays on the board
    std::uint64_t store_quota = 0;          ///< most bytes of media; 0: as much as the disk has
    int player_memory_mb = 1024;            ///< most memory of a player
    bool machine_decoder = true;            ///< displays' pictures by a decoder that the machine has
    std::string player;                     ///< path of riverlight-player; empty: beside the daemon
};

/// Reads format 1. Throws Error naming file and key for anything unknown (with what was probably meant),
/// missing or out of range.
[[nodiscard]] Config read_config(const std::string& path);

}  // namespace riverlight::firmware
