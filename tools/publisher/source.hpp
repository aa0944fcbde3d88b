#pragma once
#include <map>
#include <string>
#include <vector>

#include "content/segment/country.hpp"
#include "scheduler/campaign/schedule.hpp"
#include "tools/publisher/release.hpp"

/// A channel's source: a folder that suits git, with `channel.toml`, `segments/<id>/` as `segment build`
/// wrote them, `schedules/<name>.toml` and `countries/<cc>/{places,clearances,hotlines}.toml`.
namespace riverlight::publisher {

struct ChannelSettings {
    std::string name;
    /// How long each role's metadata holds before it must be signed anew.
    Terms expiry = default_terms();
};

struct ChannelSource {
    std::string folder;
    ChannelSettings settings;
    content::Catalogue catalogue;
    std::map<std::string, scheduler::Schedule> schedules;
    /// Everything that the channel will hold: path in the tree → the bytes, or for media the file.
    std::map<std::string, std::string> facts;
    std::map<std::string, std::string> media;  ///< `media/<sha256>.<ext>` → path on disk
    std::vector<scheduler::Finding> findings;  ///< of schedules; warnings do not hinder publishing
};

/// `channel.toml` of a source alone. Throws Error if it is missing or wrong.
[[nodiscard]] ChannelSettings read_settings_of(const std::string& folder);

/// Reads all of it. Throws Error at the first thing that cannot be read; what is wrong with schedules is
/// collected in `findings`. A missing `channel.toml` is allowed where `for_publishing` is false.
[[nodiscard]] ChannelSource read_source(const std::string& folder, bool for_publishing);

}  // namespace riverlight::publisher
