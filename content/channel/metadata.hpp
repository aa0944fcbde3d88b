#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "content/base/crypto_public.hpp"
#include "content/base/error.hpp"
#include "content/base/instant.hpp"
#include "content/channel/facts.hpp"
#include "content/channel/target_list.hpp"
#include "content/channel/trust_error.hpp"

/// TUF metadata (The Update Framework specification 1.0.34, section 4) as values: parsing and counting of
/// signatures. Unknown fields are part of what is verified, and otherwise ignored. No I/O, no clock.
namespace riverlight::content {

/// Largest accepted file of each kind, in bytes. Depth is limited to 32, values to a million.
inline constexpr std::size_t root_cap = 512U << 10, timestamp_cap = 16U << 10, snapshot_cap = 2U << 20,
                             targets_cap = 16U << 20;

struct Signature {
    std::string keyid, sig;
};

/// The fields of all roles' metadata. `signed_bytes` is the canonical form that the signatures cover.
struct Signed {
    std::string type;
    std::int64_t version = 0;
    Instant expires{};
    std::optional<Instant> made{};  ///< `x-riverlight-made`: it is not earlier than that
    std::vector<Signature> signatures;
    std::string signed_bytes;
};

/// Keys that may sign for a role, and how many of them must.
struct RoleKeys {
    std::map<std::string, PublicKey> keys;  ///< by key id; without unknown kinds and keys with a wrong id
    std::set<std::string> keyids;           ///< all that are listed
    int threshold = 1;
};

struct Root : Signed {
    bool consistent_snapshot = false;       ///< file names contain a version or hash
    std::map<std::string, RoleKeys> roles;  ///< root, timestamp, snapshot, targets
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
    std::string name;  ///< at most 80 bytes; not the name of a top-level role
    RoleKeys keys;
    std::vector<std::string> paths;          ///< patterns in which `*` matches anything but `/`
    std::vector<std::string> hash_prefixes;  ///< of the SHA-256 of a target's path, lower-case hex
    bool terminating = false;
    /// True if the delegation includes the path (section 4.5).
    [[nodiscard]] bool covers(std::string_view path) const;
    /// The same with the SHA-256 of the path in hex, so that a channel of many hash bins computes it once.
    [[nodiscard]] bool covers(std::string_view path, std::string_view hash) const;
};

struct Targets : Signed {
    TargetList targets;                   ///< `media/….mp4` and the like
    std::vector<Delegation> delegations;  ///< in order of precedence
};

/// Each parses one metadata file of at most its cap, without checking signatures. Throws ReadError.
[[nodiscard]] Root parse_root(std::string_view bytes, const std::string& what);
[[nodiscard]] Timestamp parse_timestamp(std::string_view bytes, const std::string& what);
[[nodiscard]] Snapshot parse_snapshot(std::string_view bytes, const std::string& what);
[[nodiscard]] Targets parse_targets(std::string_view bytes, const std::string& what);
/// Like parse_targets(), but leaves `targets` and `delegations` empty. Faster; for files seen before.
[[nodiscard]] Targets parse_targets_head(std::string_view bytes, const std::string& what);

/// Throws TrustError about `what` unless `bytes` have the length and all supported hashes in `facts`. Throws
/// too if `facts` has hashes but none of a supported kind.
void require_bytes(const FileFacts& facts, std::string_view bytes, const std::string& what);

/// The number of different keys of `keys` with a valid signature.
[[nodiscard]] int signatures_by(const Signed& metadata, const RoleKeys& keys);
/// Throws TooFewSignatures of this kind unless at least `keys.threshold` of the keys have signed.
void require_signatures(const Signed& metadata, const RoleKeys& keys, const Where& what,
                        TrustFault kind = TrustFault::signatures);

/// The key id of an ed25519 public key: SHA-256 of the canonical key object (section 4.2).
[[nodiscard]] std::string key_id(std::string_view public_hex);

/// fnmatch of section 4.5: `*` and `?` never match `/`.
[[nodiscard]] bool path_matches(std::string_view pattern, std::string_view path);

/// `targets/dir/name` → `targets/dir/<sha256>.name`, its path in a tree with consistent snapshots.
[[nodiscard]] std::string consistent_path(std::string_view path, std::string_view sha256);

/// Percent-encodes (RFC 3986) everything but letters, digits, `-._~` and the characters in `keep`. For names
/// of roles in URLs and file names.
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view keep = {});

}  // namespace riverlight::content
