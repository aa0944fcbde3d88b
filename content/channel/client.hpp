#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "content/channel/trust.hpp"

namespace riverlight::content {

/// Brings one file of a repository's metadata (`7.snapshot.json`, already percent-encoded) of at most `cap`
/// bytes; nothing where there is none. Throws Error for every other failure, too many bytes among them.
using FetchMetadata = std::function<std::optional<std::string>(const std::string& name, std::uint64_t cap)>;

/// How far a repository may lead a client.
struct ClientLimits {
    int new_roots = 256;   ///< in one visit (5.3.3); a later visit goes on
    int delegations = 64;  ///< roles visited in search of one target (5.6.7.1)
    int roles = 4096;      ///< roles of the whole tree
};

/// What vouches for a target.
struct VerifiedTarget {
    std::string role;  ///< `targets`, or who it is delegated to
    FileFacts facts;
};

/// The client of The Update Framework (1.0.34, section 5): brings metadata to a folder, each file by the name
/// that the specification gives it (`root.json`; a delegated role's name is percent-encoded), replaces one
/// only by a successor that holds in every respect, and answers what a target must be. Boards, office,
/// publisher and `riverlight tuf` all trust through this one class. A folder that a crash left is taken up
/// where it was. Blocking; not shared between threads.
class TufClient {
  public:
    /// Trusts `<folder>/root.json`. Throws Error if that is missing or not signed by its own keys.
    TufClient(std::string folder, FetchMetadata fetch, ClockReading moment, ClientLimits limits = {});

    /// Puts the root that came out of band into the folder, unless one is there. Throws Error if it is not
    /// signed by its own keys.
    static void init(const std::string& folder, std::string_view root, const std::string& what);

    /// Root, timestamp, snapshot, top-level targets (5.3 to 5.6.6). Each that holds is in the folder, even
    /// where a later one throws Error (Expired, Rollback among them).
    void refresh();

    /// Pre-order depth-first search (5.6.7) for a target; roles on the way are brought as needed. Nothing if
    /// no one vouches for it. Throws Error if a role on the way does not hold.
    [[nodiscard]] std::optional<VerifiedTarget> find(const std::string& path);

    /// Brings every role that is delegated to. One that does not hold goes to `on_fault` with its Error, and
    /// what it delegates to is not looked for; `on_fault` may rethrow.
    void load_all(const std::function<void(const std::string& role, const Error& fault)>& on_fault);
    /// Tells `each` every target of the roles loaded, as find() would answer, role by role; those that a role
    /// may not vouch for are named in `astray`, `role: path`.
    void all_targets(const std::function<void(std::string_view path, const VerifiedTarget& vouched)>& each,
                     std::vector<std::string>& astray) const;

    [[nodiscard]] const Trust& trust() const { return trust_; }
    [[nodiscard]] Instant expires() const;  ///< the earliest of all that is loaded

  private:
    [[nodiscard]] std::string path_of(const std::string& role) const;
    [[nodiscard]] std::string kept(const std::string& role, std::uint64_t cap) const;
    void keep(const std::string& role, const std::string& bytes) const;
    [[nodiscard]] std::string name_of(const std::string& role, std::int64_t version) const;
    std::string need(const std::string& name, std::uint64_t cap);
    void update_roots();
    void update_timestamp();
    void update_snapshot();
    void load(const std::string& role, const std::string& delegator);
    [[nodiscard]] bool take_kept(const std::string& role, const std::string& delegator,
                                 std::optional<SeenTargets>& seen);

    std::string folder_;
    FetchMetadata fetch_;
    ClockReading moment_;
    ClientLimits limits_;
    Trust trust_;
};

}  // namespace riverlight::content
