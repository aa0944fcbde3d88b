#include "firmware/config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/segment/manifest.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

void only(const json::value& table, std::initializer_list<std::string_view> known, const std::string& what) {
    if (!table.is_object()) throw Error(what + ": must be a table");
    for (const auto& field : table.get_object()) {
        const std::string_view key(field.key());
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw Error(what + ": '" + std::string(key) + "' is not a setting" +
                        suggestion(key, std::span(known.begin(), known.size())));
    }
}

/// Playback logs name places and people's languages: in the clear they go no further than this machine.
bool private_enough(const std::string& url) {
    if (url.starts_with("https://")) return true;
    for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
        if (url.starts_with(host) &&
            (url.size() == host.size() || url[host.size()] == ':' || url[host.size()] == '/'))
            return true;
    return false;
}

OfficeConfig read_office(const json::value& table, const std::string& what) {
    only(table, {"url", "claim_code", "claim_code_file", "ca_file"}, what);
    JsonFields o(table, what);
    OfficeConfig office{o.text("url"), o.text_or("claim_code", ""), o.text_or("ca_file", "")};
    if (!private_enough(office.url))
        throw Error(what + ": url '" + office.url +
                    "' must begin with https:// (http:// only to this machine itself)");
    const auto file = o.text_or("claim_code_file", "");
    // Once enrolled the file may go; without it an unenrolled board says that it has no code.
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

/// Looks at one output and completes it: a board knows where its HLS lies.
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

/// `fade` and `fade_ms`, as a player is told them; empty: items are cut.
std::string read_fade(const json::value& table, JsonFields& o, bool feed, const std::string& what) {
    const auto kind = o.text_or("fade", "none");
    const auto ms = o.integer_or("fade_ms", 480, 80, 2000);
    if (kind != "none" && kind != "black")
        throw Error(what + ": fade '" + kind + "' must be \"black\" or \"none\"");
    if (kind == "none" && table.as_object().contains("fade_ms"))
        throw Error(what + ": fade_ms says how long a fade takes, but there is none; add fade = \"black\"");
    if (kind == "none") return {};
    if (feed)
        throw Error(
            what +
            ": fade is for screens; a feed puts finished renditions out as they are, so its items are "
            "always cut. Take fade away");
    return "black:" + std::to_string(ms);
}

OutletConfig read_outlet(const json::value& table, const std::string& state, const std::string& what) {
    only(table,
         {"id", "spec", "profile", "service", "provider", "network", "local_time", "avails", "fade",
          "fade_ms"},
         what);
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
        throw Error(what + ": only a feed's outputs can be several; a screen stands alone");
    const bool of_a_feed =
        outlet.avails ||
        !(outlet.profile + outlet.service + outlet.provider + outlet.network + outlet.local_time).empty();
    if (feeds == 0 && of_a_feed)
        throw Error(what + ": profile, service, provider, network, local_time and avails are for feeds");
    outlet.fade = read_fade(table, o, feeds > 0, what);
    if (feeds > 0 && outlet.profile.empty()) outlet.profile = "720p25";
    return outlet;
}

void read_channel(const json::value& channel, const std::string& path, const std::string& text,
                  Config& config) {
    const auto what = path + ": [channel]";
    only(channel, {"url", "root", "check_s", "ca_file", "mirrors", "proxy", "proxy_login_file", "no_proxy"},
         what);
    JsonFields c(channel, what);
    config.channel_url = c.text("url");
    config.root = c.text("root");
    config.ca_file = c.text_or("ca_file", "");
    config.check = std::chrono::seconds(c.integer_or("check_s", 300, 5, 86'400));
    config.mirrors = read_mirrors(channel, path, text);
    config.proxy = read_proxy(channel, path, text);
}

void read_place(const json::value& place, const std::string& path, const std::string& text, Config& config) {
    const auto what = path + ": [place]";
    only(place, {"id", "open"}, what);
    config.open = read_open_hours(place, path, text);
    JsonFields p(place, what);
    config.place = p.text("id");
    if (!content::is_id(config.place)) throw Error(what + " id '" + config.place + "' is no place's id");
}

FactoryConfig read_factory(const json::value& table, const std::string& what) {
    only(table, {"path", "place"}, what);
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
    only(table, {"failed_starts", "lasts_s", "tries_again_s"}, what);
    JsonFields o(table, what);
    SafeModeConfig safe;
    safe.failed_starts = static_cast<int>(o.integer_or("failed_starts", safe.failed_starts, 2, 100));
    safe.lasts = std::chrono::seconds(o.integer_or("lasts_s", safe.lasts.count(), 5, 3600));
    safe.tries_again =
        std::chrono::seconds(o.integer_or("tries_again_s", safe.tries_again.count(), 5, 604'800));
    return safe;
}

}  // namespace

Config read_config(const std::string& path) {
    const auto text = read_file(path, 1U << 20);
    const auto value = parse_toml(text, path);
    only(value,
         {"format", "state", "own_partition", "channel", "place", "outlet", "office", "status", "store",
          "player", "sync", "nearby", "factory", "safe_mode"},
         path);
    JsonFields top(value, path);
    top.format(1);
    Config config;
    config.state = top.text("state");
    config.own_partition = top.boolean_or("own_partition", false);
    if (const auto* factory = top.optional("factory"))
        config.factory = read_factory(*factory, path + ": [factory]");
    if (const auto* safe = top.optional("safe_mode"))
        config.safe_mode = read_safe_mode(*safe, path + ": [safe_mode]");

    read_channel(json::value(top.object("channel")), path, text, config);
    if (const auto* sync = top.optional("sync")) config.sync = read_sync(*sync, path, text);
    if (const auto* nearby = top.optional("nearby")) config.nearby = read_nearby(*nearby, path, text);

    read_place(json::value(top.object("place")), path, text, config);

    std::set<std::string> ids;
    for (const auto& item : top.array("outlet", 8)) {
        const auto what = path + ": outlet " + std::to_string(ids.size() + 1);
        auto outlet = read_outlet(item, config.state, what);
        if (!ids.insert(outlet.id).second)
            throw Error(what + ": id '" + outlet.id + "' is another outlet's; each needs its own");
        config.outlets.push_back(std::move(outlet));
    }
    if (config.outlets.empty()) throw Error(path + ": has no [[outlet]]; a board needs one to play on");

    if (const auto* office = top.optional("office"))
        config.office = read_office(*office, path + ": [office]");
    if (const auto* status = top.optional("status")) {
        only(*status, {"listen"}, path + ": [status]");
        config.listen = JsonFields(*status, path + ": [status]").text_or("listen", config.listen);
    }
    if (const auto* store = top.optional("store")) {
        only(*store, {"quota_mb"}, path + ": [store]");
        config.store_quota =
            static_cast<std::uint64_t>(
                JsonFields(*store, path + ": [store]").integer_or("quota_mb", 0, 0, 100'000'000))
            << 20;
    }
    if (const auto* player = top.optional("player")) {
        only(*player, {"path", "memory_mb", "machine_decoder"}, path + ": [player]");
        JsonFields o(*player, path + ": [player]");
        config.player = o.text_or("path", "");
        config.machine_decoder = o.boolean_or("machine_decoder", true);
        config.player_memory_mb =
            static_cast<int>(o.integer_or("memory_mb", config.player_memory_mb, 256, 65'536));
    }
    return config;
}

}  // namespace riverlight::firmware
