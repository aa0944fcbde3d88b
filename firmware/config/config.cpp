#include "firmware/config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/segment/manifest.hpp"
#include "firmware/config/settings.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

/// Throws Error for a key that `table` cannot have; `what` names it in the message.
void refuse_unknown_keys(const json::value& value, std::string_view table, const std::string& what) {
    if (!value.is_object()) throw Error(what + ": must be a table");
    const auto known = keys_of(table);
    for (const auto& field : value.get_object()) {
        const std::string_view key(field.key());
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw Error(what + ": '" + std::string(key) + "' is not a setting" + suggestion(key, known));
    }
}

/// Playback logs name places and people's languages: they leave this machine only encrypted.
bool is_private(const std::string& url) {
    if (url.starts_with("https://")) return true;
    for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
        if (url.starts_with(host) &&
            (url.size() == host.size() || url[host.size()] == ':' || url[host.size()] == '/'))
            return true;
    return false;
}

OfficeConfig read_office(const json::value& table, const std::string& what) {
    refuse_unknown_keys(table, "office", what);
    JsonFields o(table, what);
    OfficeConfig office{o.text("url"), o.text_or("claim_code", ""), o.text_or("ca_file", "")};
    if (!is_private(office.url))
        throw Error(what + ": url '" + office.url +
                    "' must begin with https:// (http:// only to this machine itself)");
    const auto file = o.text_or("claim_code_file", "");
    // Once the board is enrolled the file may be removed; a board that is not enrolled reports the missing
    // code.
    if (office.claim_code.empty() && !file.empty() && std::filesystem::exists(file)) {
        office.claim_code = read_file(file, 4096);
        office.claim_code.erase(
            std::min(office.claim_code.find_first_of(" \t\r\n"), office.claim_code.size()));
    }
    return office;
}

/// `spec` is one output, or a list of them.
std::vector<std::string> outputs_in(JsonFields& o, const json::value& table, const std::string& what) {
    const auto* spec = table.get_object().if_contains("spec");
    if (!spec || !spec->is_array()) return {o.text("spec")};
    std::vector<std::string> outputs;
    for (const auto& item : o.array("spec", player::most_outputs)) {
        if (!item.is_string()) throw Error(what + ": spec must be a text, or a list of texts");
        outputs.emplace_back(item.get_string());
    }
    if (outputs.empty()) throw Error(what + ": spec is an empty list; name at least one output");
    return outputs;
}

/// Checks one output and completes it with the folder of its HLS.
void complete(std::string& output, OutletConfig& outlet, const std::string& state) {
    constexpr std::string_view hls = "hls:";
    auto spec = player::parse_output(output);
    if (!spec.passphrase.empty())
        throw Error("output '" + spec.name +
                    "': a player's command line can be read by everybody on the board; write the passphrase "
                    "into a file, and passphrase_file=PATH here");
    if (spec.kind != player::OutputSpec::Kind::hls) return;
    if (!outlet.hls.empty()) throw Error("has two HLS outputs; one is enough");
    if (spec.path.empty()) {
        spec.path = state + "/outlets/" + outlet.id + "/hls";
        output.insert(hls.size(), spec.path + '/');
    }
    outlet.hls = spec.path;
}

std::string name_in(JsonFields& o, std::string_view key, const std::string& what) {
    auto name = o.text_or(key, "");
    if (name.size() > 99)
        throw Error(what + ": " + std::string(key) +
                    " is longer than 99 bytes, which a receiver's table holds");
    return name;
}

/// `fade` and `fade_ms` as a player's option; empty: items are cut.
std::string read_fade(const json::value& table, JsonFields& o, bool feed, const std::string& what) {
    const auto kind = o.text_or("fade", "none");
    const auto ms = o.integer_or("fade_ms", 480, 80, 2000);
    if (kind != "none" && kind != "black")
        throw Error(what + ": fade '" + kind + "' must be \"black\" or \"none\"");
    if (kind == "none" && table.as_object().contains("fade_ms"))
        throw Error(what + ": fade_ms is the length of a fade, but there is none; add fade = \"black\"");
    if (kind == "none") return {};
    if (feed)
        throw Error(what +
                    ": fade is for screens; a feed sends finished renditions as they are, so its items are "
                    "always cut. Remove fade");
    return "black:" + std::to_string(ms);
}

OutletConfig read_outlet(const json::value& table, const std::string& state, const std::string& what) {
    refuse_unknown_keys(table, "outlet", what);
    JsonFields o(table, what);
    OutletConfig outlet;
    outlet.id = o.text("id");
    if (!content::is_id(outlet.id))
        throw Error(what + ": id '" + outlet.id +
                    "' must be lower-case letters, digits and hyphens, and its own");
    outlet.outputs = outputs_in(o, table, what);
    outlet.profile = o.text_or("profile", "");
    outlet.service = name_in(o, "service", what);
    outlet.provider = name_in(o, "provider", what);
    outlet.network = name_in(o, "network", what);
    outlet.local_time = name_in(o, "local_time", what);
    outlet.avails = o.boolean_or("avails", false);
    std::size_t feeds = 0;
    try {
        for (auto& output : outlet.outputs) {
            feeds += player::is_feed(player::parse_output(output));
            complete(output, outlet, state);
        }
    } catch (const Error& e) {
        throw Error(what + ": " + e.what());
    }
    if (outlet.outputs.size() > 1 && feeds < outlet.outputs.size())
        throw Error(what + ": only a feed can have several outputs; a screen has one");
    const bool of_a_feed =
        outlet.avails ||
        !(outlet.profile + outlet.service + outlet.provider + outlet.network + outlet.local_time).empty();
    if (feeds == 0 && of_a_feed)
        throw Error(what + ": profile, service, provider, network, local_time and avails are for feeds");
    outlet.fade = read_fade(table, o, feeds > 0, what);
    if (feeds > 0 && outlet.profile.empty()) outlet.profile = "720p25";
    return outlet;
}

ChannelConfig read_channel(const json::value& channel, const std::string& path, const std::string& text) {
    const auto what = path + ": [channel]";
    refuse_unknown_keys(channel, "channel", what);
    JsonFields c(channel, what);
    return {.url = c.text("url"),
            .root = c.text("root"),
            .ca_file = c.text_or("ca_file", ""),
            .mirrors = read_mirrors(channel, path, text),
            .proxy = read_proxy(channel, path, text),
            .check = std::chrono::seconds(c.integer_or("check_s", 300, 5, 86'400))};
}

void read_place(const json::value& place, const std::string& path, const std::string& text, Config& config) {
    const auto what = path + ": [place]";
    refuse_unknown_keys(place, "place", what);
    config.open = read_open_hours(place, path, text);
    JsonFields p(place, what);
    config.place = p.text("id");
    if (!content::is_id(config.place)) throw Error(what + " id '" + config.place + "' is no place's id");
}

FactoryConfig read_factory(const json::value& table, const std::string& what) {
    refuse_unknown_keys(table, "factory", what);
    JsonFields o(table, what);
    FactoryConfig factory{o.text("path"), o.text_or("place", "")};
    if (!factory.path.starts_with('/'))
        throw Error(what + ": path '" + factory.path +
                    "' must be absolute, as /usr/share/riverlight/factory");
    if (!factory.place.empty() && !content::is_id(factory.place))
        throw Error(what + ": place '" + factory.place + "' is no place's id");
    return factory;
}

SafeModeConfig read_safe_mode(const json::value& table, const std::string& what) {
    refuse_unknown_keys(table, "safe_mode", what);
    JsonFields o(table, what);
    SafeModeConfig safe;
    safe.failed_starts = static_cast<int>(o.integer_or("failed_starts", safe.failed_starts, 2, 100));
    safe.lasts = std::chrono::seconds(o.integer_or("lasts_s", safe.lasts.count(), 5, 3600));
    safe.tries_again =
        std::chrono::seconds(o.integer_or("tries_again_s", safe.tries_again.count(), 5, 604'800));
    return safe;
}

std::string read_listen(const json::value& table, const std::string& what, const std::string& otherwise) {
    refuse_unknown_keys(table, "status", what);
    return JsonFields(table, what).text_or("listen", otherwise);
}

std::uint64_t read_quota(const json::value& table, const std::string& what) {
    refuse_unknown_keys(table, "store", what);
    return static_cast<std::uint64_t>(JsonFields(table, what).integer_or("quota_mb", 0, 0, 100'000'000))
           << 20;
}

PlayerConfig read_player(const json::value& table, const std::string& what) {
    refuse_unknown_keys(table, "player", what);
    JsonFields o(table, what);
    PlayerConfig player;
    player.path = o.text_or("path", "");
    player.machine_decoder = o.boolean_or("machine_decoder", true);
    player.memory_mb = static_cast<int>(o.integer_or("memory_mb", player.memory_mb, 256, 65'536));
    return player;
}

std::vector<OutletConfig> read_outlets(const json::array& list, const std::string& state,
                                       const std::string& path) {
    if (list.empty()) throw Error(path + ": has no [[outlet]]; a board needs one to play on");
    std::vector<OutletConfig> outlets;
    for (const auto& item : list) {
        const auto what = path + ": outlet " + std::to_string(outlets.size() + 1);
        auto outlet = read_outlet(item, state, what);
        for (const auto& other : outlets)
            if (other.id == outlet.id)
                throw Error(what + ": id '" + outlet.id + "' is another outlet's; each needs its own");
        outlets.push_back(std::move(outlet));
    }
    return outlets;
}

}  // namespace

Config read_config(const std::string& path) {
    const auto text = read_file(path, 1U << 20);
    const auto value = parse_toml(text, path);
    refuse_unknown_keys(value, "", path);
    JsonFields top(value, path);
    top.format(1);
    Config config;
    config.state = top.text("state");
    config.own_partition = top.boolean_or("own_partition", false);
    if (const auto* factory = top.optional("factory"))
        config.factory = read_factory(*factory, path + ": [factory]");
    if (const auto* safe = top.optional("safe_mode"))
        config.safe_mode = read_safe_mode(*safe, path + ": [safe_mode]");

    config.channel = read_channel(json::value(top.object("channel")), path, text);
    if (const auto* sync = top.optional("sync")) config.sync = read_sync(*sync, path, text);
    if (const auto* nearby = top.optional("nearby")) config.nearby = read_nearby(*nearby, path, text);

    read_place(json::value(top.object("place")), path, text, config);

    config.outlets = read_outlets(top.array("outlet", 8), config.state, path);
    if (const auto* office = top.optional("office"))
        config.office = read_office(*office, path + ": [office]");
    if (const auto* status = top.optional("status"))
        config.listen = read_listen(*status, path + ": [status]", config.listen);
    if (const auto* store = top.optional("store"))
        config.store_quota = read_quota(*store, path + ": [store]");
    if (const auto* player = top.optional("player"))
        config.player = read_player(*player, path + ": [player]");
    return config;
}

}  // namespace riverlight::firmware
