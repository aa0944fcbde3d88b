#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "content/channel/trust.hpp"

namespace riverlight::content {

/// Fetches one file of a repository's metadata (`7.snapshot.json`, already percent-encoded) of at most `cap`
/// bytes. Returns nothing if there is no such file. Throws Error for every other failure, including a file
/// that is too long.
using FetchMetadata = std::function<std::optional<std::string>(const std::string& name, std::uint64_t cap)>;

/// Limits on the work that a repository may cause.
struct ClientLimits {
    int new_roots = 256;   ///< in one visit (5.3.3); the next visit continues
    int delegations = 64;  ///< roles visited in search of one target (5.6.7.1)
    int roles = 4096;      ///< roles of the whole tree
};

/// A target and the role that lists it, both verified.
struct VerifiedTarget {
    std::string role;  ///< `targets` or a delegated role
    FileFacts facts;
};

/// Where a client keeps what it trusts.
struct TrustFolders {
    std::string metadata;  ///< under the names of the specification, and the highest versions seen
    std::string copies;    ///< of the root, and of the highest versions seen
    // NOLINTNEXTLINE(google-explicit-constructor): one folder may hold both
    TrustFolders(std::string folder) : metadata(std::move(folder)), copies(metadata + "/copies") {}
    TrustFolders(std::string own, std::string second) : metadata(std::move(own)), copies(std::move(second)) {}
};

/// The client of The Update Framework (1.0.34, section 5). Keeps verified metadata in a folder, under the
/// names of the specification (`root.json`; names of delegated roles are percent-encoded), and says what
/// length and hashes a target must have. Replaces a file only by a fully verified successor, so a crash at
/// any time leaves a usable folder. The root and the highest versions seen it keeps twice: damaged metadata,
/// or a folder that is lost, are fetched again, and nothing older is accepted instead. Boards, office,
/// publisher and `riverlight tuf` all use this class. Blocks. For one thread.
class TufClient {
  public:
    /// Trusts `root.json`, or its copy if that is damaged, and writes what is damaged again. Throws
    /// Error if neither is there and signed by its own keys.
    TufClient(TrustFolders folders, FetchMetadata fetch, UpdateTime moment, ClientLimits limits = {});

    /// True if there is a root that is signed by its own keys, or a copy of one.
    [[nodiscard]] static bool has_root(const TrustFolders& folders);
    /// Paths of the files that are damaged or gone, of those that are kept twice. Empty where
    /// nothing is kept yet.
    [[nodiscard]] static std::vector<std::string> find_damage(const TrustFolders& folders);
    /// Writes a root that came out of band into the folder, unless has_root(). What was seen under an earlier
    /// one stays seen. Throws Error if it is not signed by its own keys.
    static void init(const TrustFolders& folders, std::string_view root, const std::string& what);

    /// Updates root, timestamp, snapshot and top-level targets (5.3 to 5.6.6). Throws Error (Expired,
    /// Rollback) at the first that does not verify; those before it are in the folder then.
    void refresh();

    /// Searches a target by pre-order depth-first search (5.6.7), and fetches roles on the way as needed.
    /// Returns nothing if no role lists it. Throws Error if a role on the way does not verify.
    [[nodiscard]] std::optional<VerifiedTarget> find(const std::string& path);

    /// Fetches all delegated roles. Calls `on_fault` for each that does not verify, and skips the roles that
    /// it delegates to. `on_fault` may rethrow.
    void load_all(const std::function<void(const std::string& role, const Error& fault)>& on_fault);
    /// Calls `each` for every target of the loaded roles, with what find() would return. Appends `role: path`
    /// to `refused` for targets that a role lists without having the right to.
    void all_targets(const std::function<void(std::string_view path, const VerifiedTarget& vouched)>& each,
                     std::vector<std::string>& refused) const;

    [[nodiscard]] const Trust& trust() const { return trust_; }
    [[nodiscard]] Instant expires() const;  ///< the earliest expiry of all loaded metadata

  private:
    [[nodiscard]] std::string path_of(const std::string& role) const;
    [[nodiscard]] std::string kept(const std::string& role, std::uint64_t cap) const;
    void keep(const std::string& role, const std::string& bytes) const;
    void keep_root(const std::string& bytes) const;
    void keep_seen();
    [[nodiscard]] std::string name_of(const std::string& role, std::int64_t version) const;
    std::string fetch_required(const std::string& name, std::uint64_t cap);
    void update_roots();
    void update_timestamp();
    void update_snapshot();
    void load(const std::string& role, const std::string& delegator);
    [[nodiscard]] bool load_kept(const std::string& role, const std::string& delegator,
                                 std::optional<SeenMetadata>& seen);

    TrustFolders folders_;
    FetchMetadata fetch_;
    UpdateTime moment_;
    ClientLimits limits_;
    Trust trust_;
    std::optional<SeenVersions> kept_seen_;  ///< what the two files hold
};

}  // namespace riverlight::content
