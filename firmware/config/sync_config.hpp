#pragma once
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/error.hpp"
#include "content/segment/open_hours.hpp"

/// The settings of how and when media are fetched: [sync], [nearby], and the mirrors and proxy of [channel].
namespace riverlight::firmware {

using content::DayWindow;

struct RateRule {
    std::optional<DayWindow> window;  ///< none: always
    std::uint64_t bytes_per_second = 0;
    friend bool operator==(const RateRule&, const RateRule&) = default;
};

struct SyncConfig {
    std::vector<DayWindow> windows;  ///< media that can wait are fetched in these; none: always
    std::vector<RateRule> rates;     ///< the first whose window holds counts; no limit if none holds
    std::uint64_t budget = 0;        ///< most bytes a calendar month; 0: no limit
    friend bool operator==(const SyncConfig&, const SyncConfig&) = default;
};

struct NearbyConfig {
    std::string serve;                   ///< address to serve media on, host:port; empty: none are served
    bool find = false;                   ///< look for boards nearby (mDNS)
    std::uint64_t bytes_per_second = 0;  ///< served in all, and fetched from each; 0: no limit
    friend bool operator==(const NearbyConfig&, const NearbyConfig&) = default;
};

struct ProxyConfig {
    std::string url;     ///< empty: as the environment says
    std::string login;   ///< user:password, from the first line of proxy_login_file
    std::string bypass;  ///< no_proxy, comma-separated
    friend bool operator==(const ProxyConfig&, const ProxyConfig&) = default;
};

/// Where a setting stands in the text of a file: `riverlightd.toml:12: [sync] window`. Without the line if
/// the key is not found.
[[nodiscard]] Where setting_place(const std::string& file, std::string_view text, std::string_view table,
                                  std::string_view key);

/// The tables as parse_toml returns them; `text` is that of `file`. Each throws ReadError with file, line
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
