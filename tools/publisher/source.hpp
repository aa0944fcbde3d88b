#pragma once
#include <map>
#include <string>
#include <vector>

#include "content/segment/country.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "tools/publisher/release.hpp"

/// Reads a channel's source, a folder that coordinators keep in git: `channel.toml`, `segments/<id>/` as
/// `segment build` wrote them, `schedules/<name>.toml`, `countries/<cc>/{places,clearances,hotlines}.toml`,
/// and `images/<compatible>/` (images.hpp).
namespace riverlight::publisher {

struct ChannelSettings {
    std::string name;
    /// How long the metadata of each role are valid.
    Terms expiry = default_terms();
};

struct ChannelSource {
    std::string folder;
    ChannelSettings settings;
    content::Catalogue catalogue;
    std::map<std::string, scheduler::Schedule> schedules;
    /// The channel's content: path in the tree → bytes; media → file on disk.
    std::map<std::string, std::string> facts;
    std::map<std::string, std::string> media;    ///< `media/<sha256>.<ext>` → path on disk
    std::map<std::string, std::string> bundles;  ///< `images/<compatible>/<sha256>.raucb` → path on disk
    std::vector<scheduler::Finding> findings;    ///< in schedules; warnings do not prevent publishing
};

/// Reads only `channel.toml`. Throws Error if it is missing or wrong.
[[nodiscard]] ChannelSettings read_channel_settings(const std::string& folder);

/// Reads the whole source. Throws Error for the first file that cannot be read; collects faults of schedules
/// in `findings`. Requires `channel.toml` only if `for_publishing`.
[[nodiscard]] ChannelSource read_source(const std::string& folder, bool for_publishing);

}  // namespace riverlight::publisher
