#pragma once
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/segment/open_hours.hpp"

/// What of riverlightd.toml says how and when the channel is fetched: [sync], [nearby], and of [channel] its
/// mirrors and its proxy.
namespace riverlight::firmware {

using content::DayWindow;

struct RateRule {
    std::optional<DayWindow> window;  ///< none: whenever no rule before it holds
    std::uint64_t bytes_per_second = 0;
};

struct SyncConfig {
    std::vector<DayWindow> windows;  ///< media that can wait come in these; none: at any time
    std::vector<RateRule> rates;     ///< the first that holds counts; none holds: no limit
    std::uint64_t budget = 0;        ///< most bytes a calendar month; 0: no limit
};

struct NearbyConfig {
    std::string serve;                   ///< address to hand media out on, host:port; empty: none are
    bool find = false;                   ///< boards nearby are looked for (mDNS)
    std::uint64_t bytes_per_second = 0;  ///< handed out in all, and taken from each; 0: no limit
};

struct ProxyConfig {
    std::string url;     ///< empty: as the environment says
    std::string login;   ///< user:password, from the first line of proxy_login_file
    std::string bypass;  ///< no_proxy, comma-separated
};

/// Where in the text of a file a setting stands, for messages: `riverlightd.toml:12: [sync] window`. Without
/// the line where the key is not found.
[[nodiscard]] std::string setting_place(const std::string& file, std::string_view text,
                                        std::string_view table, std::string_view key);

/// The tables as parse_toml gives them; `text` is that of `file`. Each throws Error with file, line, table
/// and key, what is allowed, and what was probably meant.
[[nodiscard]] SyncConfig read_sync(const boost::json::value& table, const std::string& file,
                                   std::string_view text);
[[nodiscard]] NearbyConfig read_nearby(const boost::json::value& table, const std::string& file,
                                       std::string_view text);
/// `mirrors`, `proxy`, `proxy_login_file` and `no_proxy` of [channel].
[[nodiscard]] std::vector<std::string> read_mirrors(const boost::json::value& channel,
                                                    const std::string& file, std::string_view text);
[[nodiscard]] ProxyConfig read_proxy(const boost::json::value& channel, const std::string& file,
                                     std::string_view text);

}  // namespace riverlight::firmware
