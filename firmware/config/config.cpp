#include "firmware/config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/plain_text.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/segment/manifest.hpp"
#include "firmware/config/settings.hpp"
#include "player/cue/output_spec.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

constexpr std::size_t most_hosts = 16;
constexpr std::uint64_t settings_cap = 1U << 20;

/// Throws ReadError for a key that `table`, which stands at `where`, cannot have.
void refuse_unknown_keys(const json::value& value, std::string_view table, const Where& where) {
    if (!value.is_object()) throw ReadError(ReadFault::wrong_type, where, "must be a table");
    const auto known = keys_of(table);
    for (const auto& field : value.get_object()) {
        const std::string_view key(field.key());
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw ReadError(ReadFault::unknown, where.in(key, {}),
                            "'" + std::string(key) + "' is not a setting", nearest_name(key, known));
    }
}

Where table_of(const std::string& file, const std::string& name) {
    return Where(file).in(name, '[' + name + ']');
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

OfficeConfig read_office(const json::value& table, const Where& where) {
    refuse_unknown_keys(table, "office", where);
    JsonFields o(table, where);
    OfficeConfig office{o.text("url"), o.text_or("claim_code", ""), o.text_or("ca_file", "")};
    if (!is_private(office.url))
        throw ReadError(
            ReadFault::malformed, where.in("url", {}),
            "url '" + office.url + "' must begin with https:// (http:// only to this machine itself)");
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
std::vector<std::string> outputs_in(JsonFields& o, const json::value& table) {
    const auto* spec = table.get_object().if_contains("spec");
    if (!spec || !spec->is_array()) return {o.text("spec")};
    std::vector<std::string> outputs;
    for (const auto& item : o.array("spec", player::most_outputs)) {
        if (!item.is_string())
            throw ReadError(ReadFault::wrong_type, o.where().in("spec", {}),
                            "spec must be a text, or a list of texts");
        outputs.emplace_back(item.get_string());
    }
    if (outputs.empty())
        throw ReadError(ReadFault::missing, o.where().in("spec", {}),
                        "spec is an empty list; name at least one output");
    return outputs;
}

/// Checks one output and completes it with the folder of its HLS. True if it takes a feed.
bool complete(std::string& output, OutletConfig& outlet, const std::string& state, const Where& where) {
    constexpr std::string_view hls = "hls:";
    const auto read = [&] {
        try {
            return player::parse_output(output);
        } catch (const ReadError& e) {
            throw e.within(where);
        }
    };
    auto spec = read();
    if (!spec.passphrase.empty())
        throw ReadError(ReadFault::misplaced, where.in("passphrase", "output '" + spec.name + '\''),
                        "a player's command line can be read by everybody on the board; write the "
                        "passphrase into a file, and passphrase_file=PATH here");
    if (spec.kind != player::OutputSpec::Kind::hls) return player::is_feed(spec);
    if (!outlet.hls.empty())
        throw ReadError(ReadFault::duplicate, where, "has two HLS outputs; one is enough");
    if (spec.path.empty()) {
        spec.path = state + "/outlets/" + outlet.id + "/hls";
        output.insert(hls.size(), spec.path + '/');
    }
    outlet.hls = spec.path;
    return true;
}

std::string name_in(JsonFields& o, std::string_view key) {
    auto name = o.text_or(key, "");
    if (name.size() > 99)
        throw ReadError(ReadFault::too_large, o.where().in(key, {}),
                        std::string(key) + " is longer than 99 bytes, which a receiver's table holds");
    return name;
}

/// `fade` and `fade_ms` as a player's option; empty: items are cut.
std::string read_fade(const json::value& table, JsonFields& o, bool feed) {
    const auto kind = o.text_or("fade", "none");
    const auto ms = o.integer_or("fade_ms", 480, 80, 2000);
    if (kind != "none" && kind != "black")
        throw ReadError(ReadFault::malformed, o.where().in("fade", {}),
                        "fade '" + kind + "' must be \"black\" or \"none\"");
    if (kind == "none" && table.as_object().contains("fade_ms"))
        throw ReadError(ReadFault::misplaced, o.where().in("fade_ms", {}),
                        "fade_ms is the length of a fade, but there is none; add fade = \"black\"");
    if (kind == "none") return {};
    if (feed)
        throw ReadError(ReadFault::misplaced, o.where().in("fade", {}),
                        "fade is for screens; a feed sends finished renditions as they are, so its items "
                        "are always cut. Remove fade");
    return "black:" + std::to_string(ms);
}

/// Throws ReadError for the first setting of a feed that this screen has.
void refuse_settings_of_feeds(const OutletConfig& screen, const Where& where) {
    const std::pair<const char*, bool> of_feeds[] = {
        {"profile", !screen.profile.empty()},       {"service", !screen.service.empty()},
        {"provider", !screen.provider.empty()},     {"network", !screen.network.empty()},
        {"local_time", !screen.local_time.empty()}, {"avails", screen.avails}};
    for (const auto& [key, written] : of_feeds)
        if (written)
            throw ReadError(ReadFault::misplaced, where.in(key, {}),
                            "profile, service, provider, network, local_time and avails are for feeds");
}

OutletConfig read_outlet(const json::value& table, const std::string& state, const Where& where) {
    refuse_unknown_keys(table, "outlet", where);
    JsonFields o(table, where);
    OutletConfig outlet;
    outlet.id = o.text("id");
    if (!content::is_id(outlet.id))
        throw ReadError(ReadFault::malformed, where.in("id", {}),
                        "id '" + outlet.id + "' must be lower-case letters, digits and hyphens, and its own");
    outlet.outputs = outputs_in(o, table);
    outlet.profile = o.text_or("profile", "");
    outlet.service = name_in(o, "service");
    outlet.provider = name_in(o, "provider");
    outlet.network = name_in(o, "network");
    outlet.local_time = name_in(o, "local_time");
    outlet.avails = o.boolean_or("avails", false);
    std::size_t feeds = 0;
    for (auto& output : outlet.outputs) feeds += complete(output, outlet, state, where.in("spec", {}));
    if (outlet.outputs.size() > 1 && feeds < outlet.outputs.size())
        throw ReadError(ReadFault::misplaced, where.in("spec", {}),
                        "only a feed can have several outputs; a screen has one");
    if (feeds == 0) refuse_settings_of_feeds(outlet, where);
    outlet.fade = read_fade(table, o, feeds > 0);
    if (feeds > 0 && outlet.profile.empty()) outlet.profile = "720p25";
    return outlet;
}

ChannelConfig read_channel(const json::value& channel, const std::string& path, const std::string& text) {
    const auto where = table_of(path, "channel");
    refuse_unknown_keys(channel, "channel", where);
    JsonFields c(channel, where);
    return {.url = c.text("url"),
            .root = c.text("root"),
            .ca_file = c.text_or("ca_file", ""),
            .mirrors = read_mirrors(channel, path, text),
            .proxy = read_proxy(channel, path, text),
            .check = std::chrono::seconds(c.integer_or("check_s", 300, 5, 86'400))};
}

void read_place(const json::value& place, const std::string& path, const std::string& text, Config& config) {
    const auto where = table_of(path, "place");
    refuse_unknown_keys(place, "place", where);
    config.open = read_open_hours(place, path, text);
    JsonFields p(place, where);
    config.place = p.text("id");
    config.contact = p.text_or("contact", "", 200);
    if (!is_plain_text(config.contact))
        throw ReadError(ReadFault::malformed, where.in("contact", {}),
                        "contact must have no control characters");
    if (!content::is_id(config.place))
        throw ReadError(ReadFault::malformed, where.in("id", {}),
                        "id '" + config.place + "' is not a place's id");
}

FactoryConfig read_factory(const json::value& table, const Where& where) {
    refuse_unknown_keys(table, "factory", where);
    JsonFields o(table, where);
    FactoryConfig factory{o.text("path"), o.text_or("place", "")};
    if (!factory.path.starts_with('/'))
        throw ReadError(ReadFault::malformed, where.in("path", {}),
                        "path '" + factory.path + "' must be absolute, as /usr/share/riverlight/factory");
    if (!factory.place.empty() && !content::is_id(factory.place))
        throw ReadError(ReadFault::malformed, where.in("place", {}),
                        "place '" + factory.place + "' is not a place's id");
    return factory;
}

SafeModeConfig read_safe_mode(const json::value& table, const Where& where) {
    refuse_unknown_keys(table, "safe_mode", where);
    JsonFields o(table, where);
    SafeModeConfig safe;
    safe.failed_starts = static_cast<int>(o.integer_or("failed_starts", safe.failed_starts, 2, 100));
    safe.lasts = std::chrono::seconds(o.integer_or("lasts_s", safe.lasts.count(), 5, 3600));
    safe.tries_again =
        std::chrono::seconds(o.integer_or("tries_again_s", safe.tries_again.count(), 5, 604'800));
    return safe;
}

/// Sets what the table holds.
void read_status(const json::value& table, const Where& where, Config& config) {
    refuse_unknown_keys(table, "status", where);
    JsonFields o(table, where);
    config.listen = o.text_or("listen", config.listen);
    config.hosts = o.texts_or_none("hosts", most_hosts);
}

std::uint64_t read_quota(const json::value& table, const Where& where) {
    refuse_unknown_keys(table, "store", where);
    return static_cast<std::uint64_t>(JsonFields(table, where).integer_or("quota_mb", 0, 0, 100'000'000))
           << 20;
}

PlayerConfig read_player(const json::value& table, const Where& where) {
    refuse_unknown_keys(table, "player", where);
    JsonFields o(table, where);
    PlayerConfig player;
    player.path = o.text_or("path", "");
    player.user = o.text_or("user", "");
    player.machine_decoder = o.boolean_or("machine_decoder", true);
    player.memory_mb = static_cast<int>(o.integer_or("memory_mb", player.memory_mb, 256, 65'536));
    return player;
}

std::vector<OutletConfig> read_outlets(const json::array& list, const std::string& state,
                                       const std::string& path) {
    if (list.empty())
        throw ReadError(ReadFault::missing, Where(path).in("outlet", {}),
                        "has no [[outlet]]; a board needs one to play on");
    std::vector<OutletConfig> outlets;
    for (const auto& item : list) {
        const auto number = std::to_string(outlets.size() + 1);
        const auto where = Where(path).in("outlet." + number, "outlet " + number);
        auto outlet = read_outlet(item, state, where);
        for (const auto& other : outlets)
            if (other.id == outlet.id)
                throw ReadError(ReadFault::duplicate, where.in("id", {}),
                                "id '" + outlet.id + "' is another outlet's; each needs its own");
        outlets.push_back(std::move(outlet));
    }
    return outlets;
}

}  // namespace

Config read_config(const std::string& path) {
    return parse_config(read_file(path, settings_cap), path);
}

Config parse_config(const std::string& text, const std::string& path) {
    const auto value = parse_toml(text, path);
    refuse_unknown_keys(value, "", path);
    JsonFields top(value, path);
    top.format(1);
    Config config;
    config.state = top.text("state");
    config.own_partition = top.boolean_or("own_partition", false);
    if (const auto* factory = top.optional("factory"))
        config.factory = read_factory(*factory, table_of(path, "factory"));
    if (const auto* safe = top.optional("safe_mode"))
        config.safe_mode = read_safe_mode(*safe, table_of(path, "safe_mode"));

    config.channel = read_channel(json::value(top.object("channel")), path, text);
    if (const auto* sync = top.optional("sync")) config.sync = read_sync(*sync, path, text);
    if (const auto* nearby = top.optional("nearby")) config.nearby = read_nearby(*nearby, path, text);

    read_place(json::value(top.object("place")), path, text, config);

    config.outlets = read_outlets(top.array("outlet", 8), config.state, path);
    if (const auto* office = top.optional("office"))
        config.office = read_office(*office, table_of(path, "office"));
    if (const auto* status = top.optional("status")) read_status(*status, table_of(path, "status"), config);
    if (const auto* store = top.optional("store"))
        config.store_quota = read_quota(*store, table_of(path, "store"));
    if (const auto* player = top.optional("player"))
        config.player = read_player(*player, table_of(path, "player"));
    return config;
}

namespace {

/// The tables of the longest part, from its begin on, that is TOML.
json::value readable_tables(std::string text, const std::string& path) {
    constexpr int most_cuts = 20;
    for (int n = 0; n < most_cuts && !text.empty(); ++n) {
        try {
            return parse_toml(text, path);
        } catch (const ReadError& e) {
            // Up to the line that is wrong; without one, or in the last line, all but the last.
            auto end = text.rfind('\n', text.size() - 1);
            if (e.where.line && *e.where.line > 1) {
                std::size_t at = 0;
                for (int line = 1; line < *e.where.line && at != std::string::npos; ++line)
                    at = text.find('\n', at == 0 ? 0 : at + 1);
                end = std::min(end, at);
            }
            text.resize(end == std::string::npos ? 0 : end);
        }
    }
    return json::object();
}

/// Leaves as it is what cannot be read.
template <class Read>
void read_if_possible(const json::value& all, const char* name, const Read& read) {
    const auto* table = all.is_object() ? all.get_object().if_contains(name) : nullptr;
    if (!table) return;
    try {
        read(*table);
    } catch (const Error&) {
        // the settings' fault is told in whole
    }
}

}  // namespace

Config salvage_config(const std::string& text, const std::string& path, const std::string& state) {
    const auto all = readable_tables(text, path);
    const auto in = [&](const char* name) { return table_of(path, name); };
    Config config;
    config.state = state;
    config.factory.path = default_factory;
    auto& screen = config.outlets.emplace_back();
    screen.id = "screen";
    screen.outputs = {"drm"};
    read_if_possible(all, "own_partition", [&](const auto& own) { config.own_partition = own.as_bool(); });
    read_if_possible(all, "factory",
                     [&](const auto& table) { config.factory = read_factory(table, in("factory")); });
    read_if_possible(all, "place", [&](const auto& table) {
        Config part;
        read_place(table, path, text, part);
        config.place = part.place;
        config.open = part.open;
    });
    read_if_possible(all, "outlet", [&](const auto& list) {
        if (list.is_array()) config.outlets = read_outlets(list.get_array(), state, path);
    });
    read_if_possible(all, "status", [&](const auto& table) { read_status(table, in("status"), config); });
    read_if_possible(all, "player",
                     [&](const auto& table) { config.player = read_player(table, in("player")); });
    return config;
}

}  // namespace riverlight::firmware
