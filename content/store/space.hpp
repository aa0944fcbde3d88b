#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"

/// How much space a store has, and what to remove for new media. Only measure_free_space() does I/O.
namespace riverlight::content {

/// Bytes of the disk that media never use, because journal and state grow there too.
inline constexpr std::uint64_t disk_reserve = 16U << 20;

/// The new release does not fit, even if everything removable is removed. The former release plays on.
class NoRoom : public Error {
  public:
    NoRoom(std::uint64_t needs_bytes, std::uint64_t has_bytes, const std::string& where);
    std::uint64_t needs, has;
};

/// Bytes that a store can still take.
struct FreeSpace {
    std::uint64_t disk = 0;   ///< free for this user on the store's disk, without disk_reserve
    std::uint64_t quota = 0;  ///< left of the store's quota; the largest number if there is none
    [[nodiscard]] std::uint64_t bytes() const { return disk < quota ? disk : quota; }
};

/// Measures the free space of the store at `root`, which contains `held` bytes of media. Without a quota only
/// the disk limits. Throws Error if the file system cannot be queried.
[[nodiscard]] FreeSpace measure_free_space(const std::string& root, std::optional<std::uint64_t> quota,
                                           std::uint64_t held);

/// A media file in the store that the new release does not use.
struct StoredFile {
    std::string name;
    std::uint64_t bytes = 0;
    bool kept = false;           ///< on air or due soon; must not be removed
    std::optional<Instant> due;  ///< when the plan airs it next; none: never again
    Instant since{};             ///< when it was downloaded
};

/// Chooses files to remove until `wanted` bytes are free, in order of removal: first files that never air
/// again, the oldest first, then those that air last. Frees fewer bytes if no more files may be removed.
[[nodiscard]] std::vector<StoredFile> choose_evictions(std::vector<StoredFile> held, std::uint64_t wanted);

/// `1.5 GiB`, `12 MiB`, `3 KiB`: for people, rounded up.
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace riverlight::content
