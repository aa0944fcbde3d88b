#pragma once
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "player/feed/rendition.hpp"

namespace riverlight::player {

/// Renditions that were proven already: a feed plays the same ones day after day, and reading each twice
/// costs as much as sending it. A file counts as the same while device, inode, size and times of change are
/// the same; any write moves the last of them. At most 512 are remembered. Any thread.
class Proven {
  public:
    /// What `check` found of the file, now or before. Throws what `check` throws, every time.
    RenditionFacts facts_of(const std::string& path, const Profile& profile,
                            const std::function<RenditionFacts()>& check);

  private:
    /// Device, inode, size, modification and change (ns), profile.
    using Identity =
        std::tuple<std::uint64_t, std::uint64_t, std::int64_t, std::int64_t, std::int64_t, std::string>;
    [[nodiscard]] static std::optional<Identity> identity_of(const std::string& path, const Profile& profile);

    std::mutex mutex_;
    std::map<Identity, RenditionFacts> known_;  // guarded by mutex_
};

}  // namespace riverlight::player
