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

/// TUF metadata (The Update Framework specification 1.0.34, section 4) as values: read, signatures counted.
/// Fields that are not known are kept in what is verified, and otherwise passed over. No I/O, no clock.
namespace riverlight::content {

/// Longest bytes of each kind that are looked at at all; nested at most 32 deep, a million values.
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
    std::map<std::string, PublicKey>
        keys;                      ///< by key id; those of unknown kinds and with ids not their own left out
    std::set<std::string> keyids;  ///< all that are named
    int threshold = 1;
};

struct Root : Signed {
    bool consistent_snapshot = false;       ///< files carry their version or hash in their names
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
    std::string name;  ///< any text of at most 80 bytes but the names of the top-level roles
    RoleKeys keys;
    std::vector<std::string> paths;          ///< patterns where `*` stands for anything but `/`
    std::vector<std::string> hash_prefixes;  ///< of the SHA-256 of a target's path, lower-case hex
    bool terminating = false;
    /// Whether the delegation takes the path in (section 4.5).
    [[nodiscard]] bool covers(std::string_view path) const;
    /// The same, `hash` being the SHA-256 of the path in hex: a channel of hash bins asks for each of them.
    [[nodiscard]] bool covers(std::string_view path, std::string_view hash) const;
};

struct Targets : Signed {
    TargetList targets;                   ///< `media/….mp4` and the like
    std::vector<Delegation> delegations;  ///< in order of precedence
};

/// A role's metadata of an earlier visit, as far as it must not come again otherwise.
struct SeenTargets {
    std::int64_t version = 0;
    std::string sha256;  ///< of the signed bytes
};

/// Each reads one metadata file of at most its cap, throws Error naming `what` and the fault. Signatures are
/// read, not checked.
[[nodiscard]] Root parse_root(std::string_view bytes, const std::string& what);
[[nodiscard]] Timestamp parse_timestamp(std::string_view bytes, const std::string& what);
[[nodiscard]] Snapshot parse_snapshot(std::string_view bytes, const std::string& what);
[[nodiscard]] Targets parse_targets(std::string_view bytes, const std::string& what);
/// As parse_targets(), without what it vouches for: `targets` and `delegations` stay empty. For what was
/// looked at before.
[[nodiscard]] Targets parse_targets_head(std::string_view bytes, const std::string& what);

/// Throws Error naming `what` unless `bytes` have the length and each known hash that `facts` name; hashes
/// named of which none is known here are an Error too.
void require_bytes(const FileFacts& facts, std::string_view bytes, const std::string& what);

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

/// RFC 3986 percent-encoding of everything but letters, digits and `-._~`, and of nothing in `keep`: a role's
/// name in an address or a folder.
[[nodiscard]] std::string percent_encoded(std::string_view text, std::string_view keep = {});

}  // namespace riverlight::content
