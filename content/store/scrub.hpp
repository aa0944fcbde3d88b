#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace riverlight::content {

struct ScrubReport {
    std::uint64_t bytes = 0;            ///< read from the disk
    bool whole_round = false;           ///< every file of the release was read since the last round ended
    std::vector<std::string> damaged;   ///< names of files of which no good copy is here: to be fetched again
    std::vector<std::string> repaired;  ///< names of files that were damaged, and are whole again from a copy
};

/// Reads files of the current and the last good release from the disk itself, past the page cache, and hashes
/// them. Of the two files of a fact it writes the damaged one again from the good one. A media file with
/// wrong bytes is set aside, so that it is never opened, and taken back if it is read rightly later; what is
/// damaged is only removed when its replacement is here. Seals the media that it found right
/// (content/base/verity.hpp). Continues where the last call ended (`scrub.json`). Ends with the file that
/// exceeds `budget` bytes, or within a MiB of `stop`. Does nothing in a store without a release. Blocks; run
/// it on its own thread, in idle time. Throws Error if the store cannot be written.
[[nodiscard]] ScrubReport scrub(const std::string& root, std::uint64_t budget, const std::atomic<bool>& stop);

/// The next scrub() begins with this media file, which a player found damaged. Throws Error if that cannot be
/// noted; then the file has its turn as the others have.
void scrub_first(const std::string& root, const std::string& media_file);

/// SHA-256 of a file as the disk or stick has it, past the page cache; empty if it cannot be read.
[[nodiscard]] std::string hash_on_disk(const std::string& path);

}  // namespace riverlight::content
