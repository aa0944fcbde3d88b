#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/base/error.hpp"
#include "firmware/config/open_hours.hpp"
#include "firmware/config/sync_config.hpp"

/// riverlightd.toml: the settings of a board, written by the person who installs it. Plain values with the
/// defaults of riverlightd.toml.example.
namespace riverlight::firmware {

struct OfficeConfig {
    std::string url;         ///< https://…; http:// only to this machine itself
    std::string claim_code;  ///< from `claim_code` or the first word of `claim_code_file`; may be empty
    std::string ca_file;     ///< private certificate authority; empty: the system's
    friend bool operator==(const OfficeConfig&, const OfficeConfig&) = default;
};

struct OutletConfig {
    std::string id;                    ///< [a-z0-9-], `screen`
    std::vector<std::string> outputs;  ///< player/cue/output_spec.hpp, complete with paths on the disk
    std::string hls;         ///< folder of its HLS output, which the status server serves; empty: none
    std::string profile;     ///< of a feed; empty: a screen
    std::string fade;        ///< of a screen: `black:MS`; empty: items are cut
    bool avails = false;     ///< of a feed: open time is announced to its partner (SCTE 35)
    std::string local_time;  ///< of a feed, `THA+07:00`; empty: receivers get none
    std::string service, provider, network;  ///< of a feed, as receivers show them; empty: the player's own
    friend bool operator==(const OutletConfig&, const OutletConfig&) = default;
};

/// The factory loop of a board's image: what plays if the board's own store cannot be used.
struct FactoryConfig {
    std::string path;   ///< a store in a read-only folder; empty: none
    std::string place;  ///< whose schedule it follows if it does not have the board's place; may be empty
    friend bool operator==(const FactoryConfig&, const FactoryConfig&) = default;
};

struct SafeModeConfig {
    int failed_starts = 5;                   ///< in a row, that lead to safe mode, 2–100
    std::chrono::seconds lasts{180};         ///< on air until a start counts as stable, 5 s – 1 h
    std::chrono::seconds tries_again{3600};  ///< until a normal start is tried, 5 s – 7 days
    friend bool operator==(const SafeModeConfig&, const SafeModeConfig&) = default;
};

struct ChannelConfig {
    std::string url;
    std::string root;                  ///< path of the root.json that is trusted first
    std::string ca_file;               ///< private certificate authority; empty: the system's
    std::vector<std::string> mirrors;  ///< further addresses of the same channel
    ProxyConfig proxy;
    std::chrono::seconds check{300};  ///< between two visits, 5 s to a day
    friend bool operator==(const ChannelConfig&, const ChannelConfig&) = default;
};

struct PlayerConfig {
    std::string path;             ///< of riverlight-player; empty: beside the daemon
    int memory_mb = 1024;         ///< most memory of one player, 256–65536
    bool machine_decoder = true;  ///< a screen's pictures are decoded in hardware if the machine can
    std::string user;             ///< whom players run as where root starts the daemon; empty: the usual one
    friend bool operator==(const PlayerConfig&, const PlayerConfig&) = default;
};

/// One member for each table of the file, or for the one setting of a small table.
struct Config {
    std::string state;           ///< folder of journal, store, keys
    bool own_partition = false;  ///< it must be on another filesystem than /
    ChannelConfig channel;
    std::string place;            ///< its id; the board's name, too
    std::string contact;          ///< who looks after the board, as its alarms say it; empty: unknown
    std::vector<OpenHours> open;  ///< when the place's displays are on; empty: as the channel says
    std::vector<OutletConfig> outlets;
    std::optional<OfficeConfig> office;     ///< none: the journal stays on the board
    std::string listen = "127.0.0.1:8080";  ///< of the status server
    std::vector<std::string> hosts;         ///< names by which browsers reach it, beside the machine's own
    std::uint64_t store_quota = 0;          ///< most bytes of media; 0: the disk is the limit
    PlayerConfig player;
    SyncConfig sync;
    NearbyConfig nearby;
    FactoryConfig factory;
    SafeModeConfig safe_mode;
    friend bool operator==(const Config&, const Config&) = default;
};

/// Reads format 1. Throws ReadError with file and key for anything unknown (with what was meant), missing or
/// out of range.
[[nodiscard]] Config read_config(const std::string& path);
/// The same of the text of the file `path`.
[[nodiscard]] Config parse_config(const std::string& text, const std::string& path);

/// Where the factory loop of an image is, if the settings cannot say it.
inline constexpr auto default_factory = "/usr/share/riverlight/factory";
/// What still can be read of settings that are refused: outlets, place, factory loop, status page, player;
/// defaults for the rest, a screen where no outlet can be read. The channel and the office are left out. The
/// place may be empty. Throws nothing.
[[nodiscard]] Config salvage_config(const std::string& text, const std::string& path,
                                    const std::string& state);

}  // namespace riverlight::firmware
