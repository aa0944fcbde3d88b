#include "firmware/config/config.hpp"

#include <algorithm>
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

}  // namespace

Config read_config(const std::string& path) {
    const auto value = parse_toml(read_file(path, 1U << 20), path);
    only(value, {"format", "state", "channel", "place", "outlet", "status", "player"}, path);
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

    if (const auto* status = top.optional("status")) {
        only(*status, {"listen"}, path + ": [status]");
        config.listen = JsonFields(*status, path + ": [status]").text_or("listen", config.listen);
    }
    if (const auto* player = top.optional("player")) {
        only(*player, {"path"}, path + ": [player]");
        config.player = JsonFields(*player, path + ": [player]").text("path");
    }
    return config;
}

}  // namespace riverlight::firmware
