#include "firmware/config/settings.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace riverlight::firmware {
namespace {

using Name = std::string_view;

constexpr std::array top{Name("format"),  Name("state"),    Name("own_partition"), Name("channel"),
                         Name("place"),   Name("outlet"),   Name("office"),        Name("status"),
                         Name("store"),   Name("player"),   Name("sync"),          Name("nearby"),
                         Name("factory"), Name("safe_mode")};
constexpr std::array channel{Name("url"),     Name("root"),  Name("check_s"),          Name("ca_file"),
                             Name("mirrors"), Name("proxy"), Name("proxy_login_file"), Name("no_proxy")};
constexpr std::array place{Name("id"), Name("contact"), Name("open")};
constexpr std::array outlet{Name("id"),       Name("spec"),    Name("profile"),    Name("service"),
                            Name("provider"), Name("network"), Name("local_time"), Name("avails"),
                            Name("fade"),     Name("fade_ms")};
constexpr std::array office{Name("url"), Name("claim_code"), Name("claim_code_file"), Name("ca_file")};
constexpr std::array status{Name("listen"), Name("hosts")};
constexpr std::array store{Name("quota_mb")};
constexpr std::array player{Name("path"), Name("user"), Name("memory_mb"), Name("machine_decoder")};
constexpr std::array sync{Name("window"), Name("rates"), Name("budget_mb")};
constexpr std::array sync_rates{Name("window"), Name("kbit_s")};
constexpr std::array nearby{Name("serve"), Name("find"), Name("kbit_s")};
constexpr std::array factory{Name("path"), Name("place")};
constexpr std::array safe_mode{Name("failed_starts"), Name("lasts_s"), Name("tries_again_s")};

constexpr std::array tables{SettingTable{"", top},
                            SettingTable{"channel", channel},
                            SettingTable{"place", place},
                            SettingTable{"outlet", outlet},
                            SettingTable{"office", office},
                            SettingTable{"status", status},
                            SettingTable{"store", store},
                            SettingTable{"player", player},
                            SettingTable{"sync", sync},
                            SettingTable{"sync.rates", sync_rates},
                            SettingTable{"nearby", nearby},
                            SettingTable{"factory", factory},
                            SettingTable{"safe_mode", safe_mode}};

}  // namespace

std::span<const SettingTable> every_setting() {
    return tables;
}

std::span<const std::string_view> keys_of(std::string_view table) {
    const auto found = std::find_if(tables.begin(), tables.end(),
                                    [&](const SettingTable& known) { return known.name == table; });
    assert(found != tables.end());
    return found->keys;
}

}  // namespace riverlight::firmware
