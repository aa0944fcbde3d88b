#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace riverlight::content {

struct ScrubReport {
    std::uint64_t bytes = 0;           ///< read from the disk
    bool whole_round = false;          ///< every file of the release was read since the last round ended
    std::vector<std::string> damaged;  ///< names of files whose bytes were not the signed ones; removed
};

/// Reads files of the current release from the disk itself, past the page cache, and hashes them. Removes a
/// file that cannot be read or has other bytes, so that it is never opened again and the next visit downloads
/// it. Continues where the last call ended (`scrub.json`). Ends with the file that exceeds `budget` bytes, or
/// within a MiB of `stop`. Does nothing in a store without a release. Blocks; run it on its own thread, in
/// idle time. Throws Error if the store cannot be written.
[[nodiscard]] ScrubReport scrub(const std::string& root, std::uint64_t budget, const std::atomic<bool>& stop);

/// SHA-256 of a file as the disk or stick has it, past the page cache; empty if it cannot be read.
[[nodiscard]] std::string hash_on_disk(const std::string& path);

}  // namespace riverlight::content
