#pragma once
#include <cassert>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "content/channel/metadata.hpp"
#include "content/channel/seen.hpp"

namespace riverlight::content {

/// The time at which an update began (section 5.1). If the clock is not sure, `now` is an instant that has
/// certainly passed; decisions are the same then, only messages differ.
struct UpdateTime {
    UpdateTime(Instant at, bool is_sure = true) : now(at), sure(is_sure) {}  // implicit: Instant is sure
    Instant now;
    bool sure;
};

/// The chain of trust of a client, after the detailed client workflow (TUF 1.0.34, sections 5.3 to 5.6). Each
/// update either verifies fully, or throws TrustError or ReadError and changes nothing. Bytes may come from
/// any source. No I/O, no clock. Call in the order of the workflow: root, timestamp, snapshot, targets. For
/// one thread.
class Trust {
  public:
    /// Trusts `root`, which came with the board. Throws TooFewSignatures if it is not signed by its own keys.
    Trust(std::string_view root, const std::string& what);

    /// 5.3: accepts the next root, one version up, signed by the thresholds of the former root and its own.
    /// Returns true if it changes the keys of timestamp or snapshot for the first time; what was seen of
    /// those is forgotten, and the caller deletes them (5.3.11). A root that was seen before, on the way from
    /// the board's first root to the newest, forgets nothing.
    bool next_root(std::string_view bytes, const std::string& what);
    /// 5.3.10: throws Expired if the newest root has expired, Rollback if a later one was seen before. Call
    /// it when there is no later root.
    void close_root(UpdateTime moment);
    /// Gives what former visits verified. Call it before all updates. Throws Rollback if the root is not the
    /// one that was seen under its version.
    void remember(SeenVersions seen);
    /// Gives metadata of a former visit, to detect rollbacks and to use again if still current. Ignores what
    /// no longer verifies.
    void remember_timestamp(std::string_view bytes);
    void remember_snapshot(std::string_view bytes);

    /// 5.4. True if it is newer than the remembered one. Under the same version, the remembered bytes stay;
    /// if they are lost, only the same content is accepted.
    bool update_timestamp(std::string_view bytes, const std::string& what, UpdateTime moment);
    /// True if the remembered snapshot is the one in the timestamp.
    [[nodiscard]] bool snapshot_current() const;
    /// Uses the remembered snapshot again. Requires snapshot_current().
    void keep_snapshot(UpdateTime moment);
    /// 5.5
    void update_snapshot(std::string_view bytes, const std::string& what, UpdateTime moment);
    /// Identifies what an earlier visit saw of `role`: `bytes`, the metadata that it left, if signed with the
    /// keys that `delegator` requires, else what remember() was told.
    [[nodiscard]] std::optional<SeenMetadata> seen_targets(const std::string& role,
                                                           const std::string& delegator,
                                                           std::string_view bytes) const;
    /// 5.6: accepts `role` as `delegator` delegates to it (empty for the top-level targets). `former` is what
    /// an earlier visit saw: the same version must not have other content.
    void update_targets(const std::string& role, const std::string& delegator, std::string_view bytes,
                        const std::optional<SeenMetadata>& former, const std::string& what,
                        UpdateTime moment);
    /// Verifies a role that was updated through another delegator with the keys of this one. `bytes` are
    /// those of the update; this object does not keep them.
    void confirm_targets(const std::string& role, const std::string& delegator, std::string_view bytes);

    [[nodiscard]] const Root& root() const { return root_; }
    /// Requires update_timestamp().
    [[nodiscard]] const Timestamp& timestamp() const {
        assert(timestamp_);
        return *timestamp_;
    }
    /// Requires update_snapshot() or keep_snapshot().
    [[nodiscard]] const Snapshot& snapshot() const {
        assert(snapshot_);
        return *snapshot_;
    }
    /// Role → its metadata, for updated roles. `signed_bytes` are empty, to save memory.
    [[nodiscard]] const std::map<std::string, Targets>& targets() const { return targets_; }
    /// True if `role` was verified with the keys that `delegator` requires.
    [[nodiscard]] bool verified(const std::string& role, const std::string& delegator) const {
        return verified_.contains({role, delegator});
    }
    /// What was verified, for remember() in the next visit.
    [[nodiscard]] const SeenVersions& seen() const { return seen_; }
    /// Attacks that were noticed and survived, such as a timestamp with other content under an old version.
    [[nodiscard]] const std::vector<TrustError>& alarms() const { return alarms_; }

  private:
    [[nodiscard]] const RoleKeys& keys_of(const std::string& role, const std::string& delegator) const;

    void see_snapshot(const Snapshot& snapshot);

    Root root_;
    SeenVersions seen_;  ///< also from the metadata that were given
    std::optional<Timestamp> old_timestamp_, timestamp_;
    std::optional<Snapshot> old_snapshot_, snapshot_;
    std::string old_snapshot_bytes_;
    std::map<std::string, Targets> targets_;
    std::map<std::string, std::string> sha256_;  ///< by role, of its signed bytes
    std::set<std::pair<std::string, std::string>> verified_;
    std::vector<TrustError> alarms_;
};

}  // namespace riverlight::content
