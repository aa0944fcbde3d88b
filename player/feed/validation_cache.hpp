#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>

#include "player/feed/rendition_validator.hpp"

namespace riverlight::player {

/// Remembers renditions that were validated: a feed plays the same ones every day, and validating one reads
/// all of it. A file counts as the same while its device, inode, size and times of change are the same; any
/// write changes the last of these. At most 512 are remembered. Any thread.
class ValidationCache {
  public:
    /// What `validate` found of the file, now or before. A failure is not remembered: throws what `validate`
    /// throws, every time.
    RenditionFacts facts_of(const std::string& path, const Profile& profile,
                            const std::function<RenditionFacts()>& validate);

  private:
    using FileTime = std::chrono::nanoseconds;  ///< since 1970
    /// Device, inode, size, modification, change, profile.
    using Identity = std::tuple<std::uint64_t, std::uint64_t, std::int64_t, FileTime, FileTime, std::string>;
    [[nodiscard]] static std::optional<Identity> identity_of(const std::string& path, const Profile& profile);

    std::mutex mutex_;
    std::map<Identity, RenditionFacts> known_;  // guarded by mutex_
};

}  // namespace riverlight::player
