#include "firmware/config/config.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "content/base/toml.hpp"
#include "content/segment/manifest.hpp"

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

}  // namespace

Config read_config(const std::string& path) {
    const auto value = parse_toml(read_file(path, 1U << 20), path);
    only(value, {"format", "state", "channel", "place", "outlet", "office", "status", "player"}, path);
    JsonFields top(value, path);
    top.format(1);
    Config config;
    config.state = top.text("state");

    const json::value channel(top.object("channel"));
    only(channel, {"url", "root", "check_s", "ca_file"}, path + ": [channel]");
    JsonFields c(channel, path + ": [channel]");
    config.channel_url = c.text("url");
    config.root = c.text("root");
    config.ca_file = c.text_or("ca_file", "");
    config.check = std::chrono::seconds(c.integer_or("check_s", 300, 5, 86'400));

    const json::value place(top.object("place"));
    only(place, {"id"}, path + ": [place]");
    JsonFields p(place, path + ": [place]");
    config.place = p.text("id");
    if (!content::is_id(config.place))
        throw Error(path + ": [place] id '" + config.place + "' is no place's id");

    std::set<std::string> ids;
    for (const auto& item : top.array("outlet", 8)) {
        const auto what = path + ": outlet " + std::to_string(ids.size() + 1);
        only(item, {"id", "spec", "profile"}, what);
        JsonFields o(item, what);
        OutletConfig outlet{o.text("id"), o.text("spec"), o.text_or("profile", "")};
        if (!content::is_id(outlet.id) || !ids.insert(outlet.id).second)
            throw Error(what + ": id '" + outlet.id +
                        "' must be lower-case letters, digits and hyphens, and its own");
        config.outlets.push_back(std::move(outlet));
    }
    if (config.outlets.empty()) throw Error(path + ": has no [[outlet]]; a board needs one to play on");

    if (const auto* office = top.optional("office"))
        config.office = read_office(*office, path + ": [office]");
    if (const auto* status = top.optional("status")) {
        only(*status, {"listen"}, path + ": [status]");
        config.listen = JsonFields(*status, path + ": [status]").text_or("listen", config.listen);
    }
    if (const auto* player = top.optional("player")) {
        only(*player, {"path", "memory_mb"}, path + ": [player]");
        JsonFields o(*player, path + ": [player]");
        config.player = o.text_or("path", "");
        config.player_memory_mb =
            static_cast<int>(o.integer_or("memory_mb", config.player_memory_mb, 256, 65'536));
    }
    return config;
}

}  // namespace riverlight::firmware
