#include "firmware/config/sync_config.hpp"

#include <algorithm>

#include "content/base/files.hpp"
#include "content/base/json.hpp"
#include "content/base/suggest.hpp"
#include "firmware/config/settings.hpp"

namespace riverlight::firmware {
namespace {

namespace json = boost::json;

constexpr std::size_t most_windows = 24, most_mirrors = 16;
constexpr std::int64_t least_kbit_s = 128, most_kbit_s = 10'000'000;

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// One table of settings and the file that it is from.
class Table {
  public:
    Table(const json::value& table, const std::string& file, std::string_view text, std::string_view name)
        : table_(table), file_(file), text_(text), name_(name) {
        if (!table.is_object())
            throw ReadError(ReadFault::wrong_type, Where(file).in(name, '[' + std::string(name) + ']'),
                            "must be a table; write [" + std::string(name) + "] on a line of its own");
    }

    /// Throws ReadError for a key that the table cannot have.
    void refuse_unknown_keys() const {
        const auto known = keys_of(name_);
        for (const auto& field : table_.get_object()) {
            const std::string_view key(field.key());
            if (std::find(known.begin(), known.end(), key) != known.end()) continue;
            std::string all;
            for (const auto& one : known) all += (all.empty() ? "" : ", ") + std::string(one);
            throw ReadError(ReadFault::unknown, where(key),
                            "is not a setting; those of this table are " + all, nearest_name(key, known));
        }
    }
    [[nodiscard]] const json::value* find(std::string_view key) const {
        return table_.get_object().if_contains(key);
    }
    [[nodiscard]] Where where(std::string_view key) const { return setting_place(file_, text_, name_, key); }
    [[noreturn]] void fail(std::string_view key, ReadFault kind, const std::string& why) const {
        throw ReadError(kind, where(key), why);
    }
    [[nodiscard]] std::string text(std::string_view key, const json::value& value,
                                   std::string_view example) const {
        if (!value.is_string())
            fail(key, ReadFault::wrong_type, "must be a text, such as \"" + std::string(example) + '"');
        return std::string(value.get_string());
    }
    /// A text, or a list of them.
    [[nodiscard]] std::vector<std::string> texts(std::string_view key, std::size_t most,
                                                 std::string_view example) const {
        const auto* value = find(key);
        if (!value) return {};
        if (!value->is_array()) return {text(key, *value, example)};
        if (value->get_array().size() > most)
            fail(key, ReadFault::too_large, "has more than " + std::to_string(most) + " entries");
        std::vector<std::string> out;
        for (const auto& item : value->get_array()) out.push_back(text(key, item, example));
        return out;
    }
    [[nodiscard]] std::int64_t integer(std::string_view key, const json::value& value, std::int64_t least,
                                       std::int64_t most) const {
        const auto* number = value.if_int64();
        if (!number || *number < least || *number > most)
            fail(key, number ? ReadFault::out_of_range : ReadFault::wrong_type,
                 "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return *number;
    }
    [[nodiscard]] DayWindow window(std::string_view key, const json::value& value) const {
        const auto words = text(key, value, "01:00-05:00");
        const auto window = content::parse_window(words);
        if (!window)
            fail(key, ReadFault::malformed,
                 "'" + words.substr(0, 40) +
                     "' is not a window of a day; write it as from-until in local time, such as "
                     "01:00-05:00 (22:00-05:00 crosses midnight), or leave it out for all day");
        return *window;
    }
    [[nodiscard]] std::uint64_t rate(std::string_view key, const json::value& value) const {
        return static_cast<std::uint64_t>(integer(key, value, least_kbit_s, most_kbit_s)) * 1000 / 8;
    }

  private:
    const json::value& table_;
    const std::string& file_;
    std::string_view text_, name_;
};

RateRule read_rule(const Table& sync, const json::value& item) {
    if (!item.is_object())
        sync.fail("rates", ReadFault::wrong_type,
                  "must be a list of { window = \"06:00-22:00\", kbit_s = 512 }");
    const auto known = keys_of("sync.rates");
    for (const auto& field : item.get_object()) {
        const std::string_view key(field.key());
        if (std::find(known.begin(), known.end(), key) == known.end())
            throw ReadError(
                ReadFault::unknown, sync.where("rates").in(key, {}),
                "has '" + std::string(key) + "', which is not a setting; a rate has window, kbit_s",
                nearest_name(key, known));
    }
    RateRule rule;
    if (const auto* window = item.get_object().if_contains("window"))
        rule.window = sync.window("rates", *window);
    const auto* rate = item.get_object().if_contains("kbit_s");
    if (!rate)
        sync.fail("rates", ReadFault::missing, "has an entry without kbit_s, the rate in kilobits a second");
    rule.bytes_per_second = sync.rate("rates", *rate);
    return rule;
}

bool is_web(std::string_view url) {
    return url.starts_with("http://") || url.starts_with("https://");
}

}  // namespace

Where setting_place(const std::string& file, std::string_view text, std::string_view table,
                    std::string_view key) {
    const auto header = '[' + std::string(table) + ']';
    bool inside = false;
    int line = 0;
    Where where(file);
    for (std::size_t at = 0; at <= text.size() && !where.line; ++line) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto words = trimmed(text.substr(at, end - at));
        at = end + 1;
        if (words.starts_with('[')) inside = words.starts_with(header);
        const bool named = words.starts_with(key) && trimmed(words.substr(key.size())).starts_with('=');
        if (inside && named) where = where.at(line + 1);
    }
    return where.in(std::string(table) + '.' + std::string(key), header + ' ' + std::string(key));
}

SyncConfig read_sync(const json::value& value, const std::string& file, std::string_view text) {
    const Table table(value, file, text, "sync");
    table.refuse_unknown_keys();
    SyncConfig sync;
    for (const auto& words : table.texts("window", most_windows, "01:00-05:00"))
        sync.windows.push_back(table.window("window", json::value(words)));
    if (const auto* rates = table.find("rates")) {
        if (!rates->is_array() || rates->get_array().size() > most_windows)
            table.fail("rates", rates->is_array() ? ReadFault::too_large : ReadFault::wrong_type,
                       "must be a list of at most " + std::to_string(most_windows) +
                           " entries { window = \"06:00-22:00\", kbit_s = 512 }");
        for (const auto& item : rates->get_array()) sync.rates.push_back(read_rule(table, item));
    }
    if (const auto* budget = table.find("budget_mb"))
        sync.budget = static_cast<std::uint64_t>(table.integer("budget_mb", *budget, 1, 100'000'000)) << 20;
    return sync;
}

NearbyConfig read_nearby(const json::value& value, const std::string& file, std::string_view text) {
    const Table table(value, file, text, "nearby");
    table.refuse_unknown_keys();
    NearbyConfig nearby;
    if (const auto* serve = table.find("serve")) {
        nearby.serve = table.text("serve", *serve, "0.0.0.0:8790");
        if (nearby.serve.find(':') == std::string::npos)
            table.fail(
                "serve", ReadFault::malformed,
                "'" + nearby.serve.substr(0, 80) + "' must be an address and a port, such as 0.0.0.0:8790");
    }
    if (const auto* find = table.find("find")) {
        if (!find->is_bool()) table.fail("find", ReadFault::wrong_type, "must be true or false");
        nearby.find = find->get_bool();
    }
    if (const auto* rate = table.find("kbit_s")) nearby.bytes_per_second = table.rate("kbit_s", *rate);
    return nearby;
}

std::vector<std::string> read_mirrors(const json::value& channel, const std::string& file,
                                      std::string_view text) {
    const Table table(channel, file, text, "channel");
    auto mirrors = table.texts("mirrors", most_mirrors, "https://mirror.example/kh");
    for (const auto& url : mirrors)
        if (!is_web(url) && !url.starts_with("file:///"))
            table.fail("mirrors", ReadFault::malformed,
                       "must be addresses that begin with https://, http:// or file:///");
    return mirrors;
}

ProxyConfig read_proxy(const json::value& channel, const std::string& file, std::string_view text) {
    const Table table(channel, file, text, "channel");
    ProxyConfig proxy;
    if (const auto* url = table.find("proxy")) {
        proxy.url = table.text("proxy", *url, "http://proxy.example:3128");
        if (proxy.url.find('@') != std::string::npos)  // not shown: it may hold a password
            table.fail("proxy", ReadFault::misplaced,
                       "must not hold a login; write user:password into a file of its own, and name it "
                       "as proxy_login_file");
        if (!is_web(proxy.url) && !proxy.url.starts_with("socks5://") && !proxy.url.starts_with("socks5h://"))
            table.fail("proxy", ReadFault::malformed,
                       "'" + proxy.url.substr(0, 80) +
                           "' must begin with http://, https://, socks5:// or socks5h://");
    }
    if (const auto* login = table.find("proxy_login_file")) {
        if (proxy.url.empty())
            table.fail("proxy_login_file", ReadFault::misplaced,
                       "needs proxy beside it: the login is the proxy's");
        const auto path = table.text("proxy_login_file", *login, "/etc/riverlight/proxy");
        proxy.login = read_file(path, 4096);
        proxy.login.erase(std::min(proxy.login.find_first_of("\r\n"), proxy.login.size()));
        if (proxy.login.find(':') == std::string::npos)
            table.fail("proxy_login_file", ReadFault::malformed,
                       "names " + path + ", whose first line is not user:password");
    }
    for (const auto& host : table.texts("no_proxy", 100, "intranet.example"))
        proxy.bypass += (proxy.bypass.empty() ? "" : ",") + host;
    return proxy;
}

}  // namespace riverlight::firmware
