#pragma once
#include <cstdint>
#include <string>

#include "firmware/config/config.hpp"

/// The settings of a run: those of the file, or what a board plays with if that cannot be read.
namespace riverlight::firmware {

enum class SettingsSource : std::uint8_t {
    file,       ///< as they were written
    last_good,  ///< a copy of those that could be read last
    salvaged,   ///< salvage_config(): there is no copy either
};

struct Settings {
    Config config;
    SettingsSource source = SettingsSource::file;
    std::string file;   ///< its path
    std::string fault;  ///< why the file cannot be read, to follow a colon; empty: it can
};

/// Reads the settings in `file`. If they are refused, looks for the copy that keep_settings() made of the
/// same file: in the folder that the file names as `state`, in `state_directory` (systemd's STATE_DIRECTORY;
/// may be empty), in a folder `state` beside the file, and in /var/lib/riverlight. Throws nothing.
[[nodiscard]] Settings load_settings(const std::string& file, const std::string& state_directory);

/// Whether read_config() takes the file now.
[[nodiscard]] bool can_read_settings(const std::string& file);

/// Keeps a copy in the state folder: `settings.json`, format 1, with its hash, mode 0600; writes nothing if
/// it is there already. Nothing unless the settings are those of the file. Throws Error.
void keep_settings(const Settings& settings);

}  // namespace riverlight::firmware
