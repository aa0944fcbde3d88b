#include "firmware/config/settings_file.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "content/base/crypto.hpp"
#include "content/base/files.hpp"
#include "content/base/json.hpp"

namespace riverlight::firmware {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::uint64_t settings_cap = 1U << 20, copy_cap = 8U << 20;
constexpr auto usual_state = "/var/lib/riverlight";

std::string copy_in(const std::string& state) {
    return state + "/settings.json";
}

std::string full_path(const std::string& file) {
    std::error_code ec;
    const auto path = fs::absolute(file, ec);
    return ec ? file : path.lexically_normal().string();
}

/// The value of the line `state = "…"`, in whatever stands around it; empty: there is none.
std::string state_in(std::string_view text) {
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        constexpr std::string_view key = "state", blank = " \t";
        line.remove_prefix(std::min(line.size(), line.find_first_not_of(blank)));
        if (!line.starts_with(key)) continue;
        line.remove_prefix(key.size());
        line.remove_prefix(std::min(line.size(), line.find_first_not_of(blank)));
        const auto open = line.find('"'), close = line.find('"', open + 1);
        if (!line.starts_with('=') || open == line.npos || close == line.npos) continue;
        return std::string(line.substr(open + 1, close - open - 1));
    }
    return {};
}

std::vector<std::string> state_folders(const std::string& text, const std::string& file,
                                       const std::string& state_directory) {
    std::vector<std::string> folders;
    const auto add = [&](std::string folder) {
        if (folder.starts_with('/')) folders.push_back(std::move(folder));
    };
    add(state_in(text));
    add(state_directory.substr(0, state_directory.find(':')));
    add((fs::path(full_path(file)).parent_path() / "state").string());
    add(usual_state);
    return folders;
}

/// The text of the copy in `state`; nothing if there is none of this file, or not as it was written.
std::optional<std::string> kept_text(const std::string& state, const std::string& file) {
    const auto path = copy_in(state);
    try {
        const auto value = parse_json(read_file(path, copy_cap), path, {.bytes = copy_cap, .depth = 2});
        JsonFields fields(value, path);
        fields.format(1);
        auto text = fields.text("text", settings_cap);
        if (fields.text("settings_file", 4096) != full_path(file) ||
            fields.text("sha256") != sha256_hex(text))
            return {};
        return text;
    } catch (const Error&) {
        return {};
    }
}

std::string text_of(const std::string& file) {
    try {
        return read_file(file, settings_cap);
    } catch (const Error&) {
        return {};
    }
}

/// The copy that is there, if it can still be read as settings.
std::optional<Config> last_good(const std::vector<std::string>& folders, const std::string& file) {
    for (const auto& folder : folders) {
        try {
            if (const auto text = kept_text(folder, file)) return parse_config(*text, file);
        } catch (const Error&) {
            // of an older or newer Riverlight, or what it names is gone
        }
    }
    return {};
}

/// The first of the folders that exists, else the first.
std::string likely_state(const std::vector<std::string>& folders) {
    std::error_code ec;
    for (const auto& folder : folders)
        if (fs::is_directory(folder, ec)) return folder;
    return folders.front();
}

}  // namespace

Settings load_settings(const std::string& file, const std::string& state_directory) {
    Settings settings;
    settings.file = file;
    try {
        settings.config = read_config(file);
        return settings;
    } catch (const std::exception& e) {
        settings.fault = e.what();
    }
    const auto text = text_of(file);
    const auto folders = state_folders(text, file, state_directory);
    if (auto kept = last_good(folders, file)) {
        settings.config = std::move(*kept);
        settings.source = SettingsSource::last_good;
        return settings;
    }
    settings.config = salvage_config(text, file, likely_state(folders));
    settings.source = SettingsSource::salvaged;
    return settings;
}

bool can_read_settings(const std::string& file) {
    try {
        static_cast<void>(read_config(file));
        return true;
    } catch (const Error&) {
        return false;
    }
}

void keep_settings(const Settings& settings) {
    if (settings.source != SettingsSource::file) return;
    const auto text = read_file(settings.file, settings_cap);
    if (kept_text(settings.config.state, settings.file) == text) return;
    static_cast<void>(parse_config(text, settings.file));  // as it is now
    write_file_atomically(copy_in(settings.config.state),
                          pretty_json(json::object{{"format", 1},
                                                   {"settings_file", full_path(settings.file)},
                                                   {"sha256", sha256_hex(text)},
                                                   {"text", text}}),
                          0600);
}

}  // namespace riverlight::firmware
