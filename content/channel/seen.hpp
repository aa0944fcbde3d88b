#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "content/base/file_pair.hpp"

/// The memory that protects a client against rollbacks, kept apart from the metadata themselves: if those are
/// damaged, the client starts over from the root that came with it, and still accepts nothing older.
namespace riverlight::content {

/// Identifies a version: it must not come with other content, or an older one after it.
struct SeenMetadata {
    std::int64_t version = 0;
    std::string sha256;  ///< of the signed bytes
    friend bool operator==(const SeenMetadata&, const SeenMetadata&) = default;
};

/// The newest metadata that were verified. After new keys for timestamp or snapshot, `timestamp`, `snapshot`
/// and `named` begin again, so that a client recovers from a fast-forward attack (5.3.11).
struct SeenVersions {
    SeenMetadata root;
    std::optional<SeenMetadata> timestamp, snapshot;
    std::int64_t snapshot_named = 0;            ///< the version of the snapshot that the timestamp named
    std::map<std::string, std::int64_t> named;  ///< role → the version that the snapshot named
    std::map<std::string, SeenMetadata> roles;  ///< targets and delegated roles
    friend bool operator==(const SeenVersions&, const SeenVersions&) = default;
};

/// Reads both files; nothing if there are none yet, or neither can be read.
[[nodiscard]] std::optional<SeenVersions> read_seen(const FilePair& files);
/// Throws DiskFault.
void write_seen(const FilePair& files, const SeenVersions& seen);

}  // namespace riverlight::content
