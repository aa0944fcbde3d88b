#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace riverlight::content {

struct ScrubReport {
    std::uint64_t bytes = 0;           ///< read back
    bool whole_round = false;          ///< every file of the release has been read since the last round's end
    std::vector<std::string> damaged;  ///< file names whose bytes were no longer the signed ones: removed
};

/// Reads files of the current release back from the disk itself (what the system keeps in memory is dropped
/// first) and hashes them. One whose bytes or whose reading fail is removed, so that it is never opened
/// again and the next visit fetches it anew. Goes on where the last call ended (`scrub.json`), and ends with
/// the file that brings it past `budget` bytes, or within a MiB of `stop`. A store without a release:
/// nothing. Blocking: for a thread of its own, in idle time. Throws Error where the store cannot be written.
[[nodiscard]] ScrubReport scrub(const std::string& root, std::uint64_t budget, const std::atomic<bool>& stop);

/// SHA-256 of what the disk or stick itself holds under `path`, past what the system keeps in memory; empty
/// where it cannot be read.
[[nodiscard]] std::string hash_on_disk(const std::string& path);

/// Tells the system that this thread's reading and computing are for idle time only.
void work_in_idle_time();

}  // namespace riverlight::content
