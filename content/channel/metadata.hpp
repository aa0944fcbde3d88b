#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/instant.hpp"

/// TUF metadata (The Update Framework specification 1.0.31, section 4) as values: read, written, signatures
/// counted. ed25519 keys only. No I/O, no clock.
namespace riverlight::content {

/// Longest bytes of each kind that are looked at at all.
inline constexpr std::size_t root_cap = 512U << 10, timestamp_cap = 16U << 10, snapshot_cap = 2U << 20,
                             targets_cap = 16U << 20;

struct Signature {
    std::string keyid, sig;
};

/// What every role's metadata carries. `signed_bytes` is the canonical form that the signatures cover.
struct Signed {
    std::string type;
    std::int64_t version = 0;
    Instant expires{};
    std::vector<Signature> signatures;
    std::string signed_bytes;
};

/// Keys that may sign for a role, and how many of them must.
struct RoleKeys {
    std::map<std::string, std::string> keys;  ///< key id → ed25519 public key, hex
    int threshold = 1;
};

struct Root : Signed {
    std::map<std::string, RoleKeys> roles;  ///< root, timestamp, snapshot, targets
};

/// A file that metadata vouches for.
struct FileFacts {
    std::int64_t length = -1;  ///< −1: not said
    std::string sha256;        ///< empty: not said
    friend bool operator==(const FileFacts&, const FileFacts&) = default;
};

struct MetaFacts : FileFacts {
    std::int64_t version = 0;
};

struct Timestamp : Signed {
    MetaFacts snapshot;
};

struct Snapshot : Signed {
    std::map<std::string, MetaFacts> meta;  ///< by role name, without `.json`
};

struct Delegation {
    std::string name;
    RoleKeys keys;
    std::vector<std::string> paths;  ///< patterns where `*` stands for anything but `/`
    bool terminating = false;
};

struct Targets : Signed {
    std::map<std::string, FileFacts> targets;  ///< by path, `media/….mp4`
    std::vector<Delegation> delegations;       ///< in order of precedence
};

/// Each reads one metadata file of at most its cap, throws Error naming `what` and the fault. Signatures are
/// read, not checked.
[[nodiscard]] Root parse_root(std::string_view bytes, const std::string& what);
[[nodiscard]] Timestamp parse_timestamp(std::string_view bytes, const std::string& what);
[[nodiscard]] Snapshot parse_snapshot(std::string_view bytes, const std::string& what);
[[nodiscard]] Targets parse_targets(std::string_view bytes, const std::string& what);

/// How many different keys of `keys` have signed it.
[[nodiscard]] int signatures_by(const Signed& metadata, const RoleKeys& keys);
/// Throws Error unless the threshold of `keys` is met.
void require_signatures(const Signed& metadata, const RoleKeys& keys, const std::string& what);

/// The key id of an ed25519 public key: SHA-256 of the canonical key object (section 4.2).
[[nodiscard]] std::string key_id(std::string_view public_hex);

/// fnmatch of section 4.5: `*` and `?` never match `/`.
[[nodiscard]] bool path_matches(std::string_view pattern, std::string_view path);

/// `targets/dir/name` → `targets/dir/<sha256>.name`: where a tree with consistent snapshots keeps it.
[[nodiscard]] std::string consistent_path(std::string_view path, std::string_view sha256);

}  // namespace riverlight::content
