#include "firmware/setup.hpp"

#include <filesystem>

#include "firmware/clock/clock.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

/// Only a display can be switched off.
bool is_display(const OutletConfig& outlet) {
    return player::parse_output(outlet.outputs.front()).kind == player::OutputSpec::Kind::screen;
}

/// Where the outlet goes and what it is called, as its player is told.
std::vector<std::string> player_words(const OutletConfig& outlet) {
    std::vector<std::string> words;
    const auto add = [&](const char* option, const std::string& value) {
        if (!value.empty()) words.insert(words.end(), {option, value});
    };
    for (const auto& output : outlet.outputs) add("--outlet", output);
    add("--profile", outlet.profile);
    add("--service", outlet.service);
    add("--provider", outlet.provider);
    add("--network", outlet.network);
    add("--local-time", outlet.local_time);
    add("--fade", outlet.fade);
    return words;
}

}  // namespace

std::string player_of(const Config& config) {
    if (!config.player.empty()) return config.player;
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "riverlight-player").string();
}

std::set<std::string> feeds_of(const Config& config) {
    std::set<std::string> profiles;
    for (const auto& outlet : config.outlets)
        if (!outlet.profile.empty()) profiles.insert(outlet.profile);
    return profiles;
}

OutletSetup setup_of(const Config& config, const OutletConfig& outlet, const std::string& keep,
                     const std::string& media) {
    return {.id = outlet.id,
            .hls = outlet.hls,
            .feed = !outlet.profile.empty(),
            .avails = outlet.avails,
            .profile = outlet.profile,
            .place = config.place,
            .display = is_display(outlet),
            .open = is_display(outlet) ? config.open : std::vector<content::OpenHours>(),
            .player = {.program = player_of(config),
                       .options = player_words(outlet),
                       .folder = keep + "/outlets/" + outlet.id,
                       .media = media,
                       .memory_mb = config.player_memory_mb,
                       .hardware_decoder = config.machine_decoder},
            .boot_id = boot_id(),
            .is_refused = {},
            .in_service_since = {}};
}

FollowSetup follow_setup(const Config& config, const std::string& store) {
    FollowSetup setup;
    setup.check = config.check;
    auto& options = setup.options;
    options.channel_url = config.channel_url;
    options.store_root = store;
    options.trusted_root = config.root;
    options.ca_file = config.ca_file;
    options.place = config.place;
    if (config.store_quota > 0) options.quota = config.store_quota;
    options.mirrors = config.mirrors;
    options.proxy = {config.proxy.url, config.proxy.login, config.proxy.bypass};
    options.nearby_bytes_per_second = config.nearby.bytes_per_second;
    setup.rules = config.sync;
    setup.budget_file = config.state + "/traffic.json";
    return setup;
}

}  // namespace riverlight::firmware
