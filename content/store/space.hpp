#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "content/base/error.hpp"
#include "content/base/instant.hpp"

/// How much room a store has, and what gives way to what comes. All but measure() is pure.
namespace riverlight::content {

/// What the disk keeps free whatever a channel brings: the journal and the state grow there too.
inline constexpr std::uint64_t disk_reserve = 16U << 20;

/// More media come than there is room for, even when all has gone that may. The old release plays on.
class NoRoom : public Error {
  public:
    NoRoom(std::uint64_t needs_bytes, std::uint64_t has_bytes, const std::string& where);
    std::uint64_t needs, has;
};

/// Bytes that may still come in.
struct FreeSpace {
    std::uint64_t disk = 0;   ///< free for this user on the store's disk, its reserve apart
    std::uint64_t quota = 0;  ///< left of the store's quota; the largest number where there is none
    [[nodiscard]] std::uint64_t bytes() const { return disk < quota ? disk : quota; }
};

/// `held` bytes of media lie in the store already; `quota` 0: the disk alone limits. Throws Error where the
/// disk cannot be asked.
[[nodiscard]] FreeSpace measure_free_space(const std::string& root, std::optional<std::uint64_t> quota,
                                           std::uint64_t held);

/// A media file that lies in the store and that the new release does not name.
struct StoredFile {
    std::string name;
    std::uint64_t bytes = 0;
    bool kept = false;           ///< on air, or of the release that plays and due soon: it never goes
    std::optional<Instant> due;  ///< when the plan airs it next; none: never again
    Instant since{};             ///< when it came
};

/// Names to remove until `wanted` bytes are free, first to go first: what never airs again, the oldest first;
/// then what airs last. Fewer bytes where no more may go.
[[nodiscard]] std::vector<StoredFile> choose_evictions(std::vector<StoredFile> held, std::uint64_t wanted);

/// `1.5 GiB`, `12 MiB`, `3 KiB`: for people, rounded up.
[[nodiscard]] std::string format_size(std::uint64_t bytes);

}  // namespace riverlight::content
