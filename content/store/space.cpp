#include "content/store/space.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <tuple>

#include "content/base/files.hpp"

namespace riverlight::content {

std::string format_size(std::uint64_t bytes) {
    const auto up = [bytes](unsigned shift) {
        return (bytes >> shift) + ((bytes & ((1ULL << shift) - 1)) != 0);
    };
    if (bytes < 1U << 20) return std::to_string(up(10)) + " KiB";
    if (bytes < 1U << 30) return std::to_string(up(20)) + " MiB";
    const auto tenths = (up(20) * 10 + 1023) / 1024;
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " GiB";
}

NoRoom::NoRoom(std::uint64_t needs_bytes, std::uint64_t has_bytes, const std::string& where)
    : Error("not enough room: the channel's new release needs " + format_size(needs_bytes) + ", " + where +
            " has " + format_size(has_bytes) +
            "; free disk space or raise the quota. The former release plays on"),
      needs(needs_bytes),
      has(has_bytes) {}

FreeSpace measure_free_space(const std::string& root, std::optional<std::uint64_t> quota,
                             std::uint64_t held) {
    struct statvfs disk {};
    if (::statvfs(root.c_str(), &disk) != 0)
        throw Error("cannot measure the free space of " + root + ": " + system_reason(errno));
    const auto free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    FreeSpace room;
    room.disk = free > disk_reserve ? free - disk_reserve : 0;
    room.quota = std::numeric_limits<std::uint64_t>::max();
    if (quota) room.quota = *quota > held ? *quota - held : 0;
    return room;
}

std::vector<StoredFile> choose_evictions(std::vector<StoredFile> held, std::uint64_t wanted) {
    std::erase_if(held, [](const StoredFile& one) { return one.kept; });
    std::sort(held.begin(), held.end(), [](const StoredFile& a, const StoredFile& b) {
        const auto never = Instant::max();  // `due` descending, never first; then by age
        return std::tuple(b.due.value_or(never), a.since, a.name) <
               std::tuple(a.due.value_or(never), b.since, b.name);
    });
    std::uint64_t freed = 0;
    const auto end = std::find_if(held.begin(), held.end(), [&](const StoredFile& one) {
        const bool enough = freed >= wanted;
        freed += one.bytes;
        return enough;
    });
    held.erase(end, held.end());
    return held;
}

}  // namespace riverlight::content
