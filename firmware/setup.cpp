#include "firmware/setup.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <filesystem>

#include "firmware/clock/clock.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

/// Only a display can be switched off.
bool is_display(const OutletConfig& outlet) {
    return player::parse_output(outlet.outputs.front()).kind == player::OutputSpec::Kind::screen;
}

/// The player's options: where its output goes and how it is named.
std::vector<std::string> player_options(const OutletConfig& outlet) {
    std::vector<std::string> options;
    const auto add = [&](const char* option, const std::string& value) {
        if (!value.empty()) options.insert(options.end(), {option, value});
    };
    for (const auto& output : outlet.outputs) add("--outlet", output);
    add("--profile", outlet.profile);
    add("--service", outlet.service);
    add("--provider", outlet.provider);
    add("--network", outlet.network);
    add("--local-time", outlet.local_time);
    add("--fade", outlet.fade);
    return options;
}

}  // namespace

std::string player_program(const Config& config) {
    if (!config.player.path.empty()) return config.player.path;
    return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "riverlight-player").string();
}

std::string player_user(const Config& config) {
    if (::geteuid() != 0) return {};
    if (!config.player.user.empty()) return config.player.user;
    return ::getpwnam(usual_player_user) ? usual_player_user : "";
}

RenditionChecker::Setup validator_setup(const Config& config, const std::string& media) {
    RenditionChecker::Setup setup{
        player_program(config), media, {}, config.player.memory_mb, player_user(config)};
    for (const auto& outlet : config.outlets)
        if (!outlet.profile.empty()) setup.profiles.insert(outlet.profile);
    return setup;
}

OutletSetup outlet_setup(const Config& config, const OutletConfig& outlet, const std::string& folder,
                         const std::string& media) {
    return {.id = outlet.id,
            .hls = outlet.hls,
            .feed = !outlet.profile.empty(),
            .avails = outlet.avails,
            .profile = outlet.profile,
            .place = config.place,
            .display = is_display(outlet),
            .open = is_display(outlet) ? config.open : std::vector<content::OpenHours>(),
            .player = {.program = player_program(config),
                       .options = player_options(outlet),
                       .folder = folder + "/outlets/" + outlet.id,
                       .media = media,
                       .user = player_user(config),
                       .memory_mb = config.player.memory_mb,
                       .hardware_decoder = config.player.machine_decoder},
            .boot_id = boot_id(),
            .is_refused = {},
            .on_damage = {},
            .in_service_since = {}};
}

StagingSetup staging_setup(const Config& config, const StartDecision& start) {
    return {config.place,         start.factory,
            config.factory.place, config.outlets.empty() ? std::string{} : config.outlets.front().id,
            start.release,        start.mode == RunMode::no_settings};
}

std::optional<UpdateRunner::Setup> update_setup(const Config& config, const SystemPaths& system,
                                                const std::string& store) {
    const auto identity = read_system_identity(system.os_release());
    if (!identity) return {};
    return UpdateRunner::Setup{system, *identity, boot_id(), config.state, {store}, config.place};
}

PlaceHours place_hours(const Config& config, const content::Place* place) {
    if (!place) return {};
    const bool feed = std::any_of(config.outlets.begin(), config.outlets.end(),
                                  [](const auto& outlet) { return !outlet.profile.empty(); });
    return {config.open.empty() ? place->open : config.open, place->zone, feed};
}

ReportSetup report_setup(const Config& config) {
    assert(config.office);
    return {config.office->url, config.office->ca_file,      config.office->claim_code,
            config.place,       config.state + "/board.key", {}};
}

FollowSetup follow_setup(const Config& config, const std::string& store) {
    FollowSetup setup;
    setup.check = config.channel.check;
    auto& options = setup.options;
    options.channel_url = config.channel.url;
    options.store_root = store;
    options.trusted_root = config.channel.root;
    options.ca_file = config.channel.ca_file;
    options.place = config.place;
    if (config.store_quota > 0) options.quota = config.store_quota;
    options.mirrors = config.channel.mirrors;
    options.proxy = {config.channel.proxy.url, config.channel.proxy.login, config.channel.proxy.bypass};
    options.nearby_bytes_per_second = config.nearby.bytes_per_second;
    setup.rules = config.sync;
    setup.budget_file = config.state + "/traffic.json";
    return setup;
}

}  // namespace riverlight::firmware
