#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "content/channel/metadata.hpp"

namespace riverlight::content {

/// When an update began, as the caller's clock has it (section 5.1), and whether that clock is sure. A clock
/// that is not sure changes no decision, since it is a floor that has passed for certain; it changes the
/// words.
struct ClockReading {
    ClockReading(Instant at, bool is_sure = true) : now(at), sure(is_sure) {}  // an Instant is a sure one
    Instant now;
    bool sure;
};

/// Metadata that has expired: nothing new is taken, what was taken before plays on.
class Expired : public Error {
  public:
    Expired(const std::string& what, Instant at) : Error(what), since(at) {}
    Instant since;  ///< stale since then
};

/// Metadata older than what was seen before, or other under the same version: somebody plays an old release
/// for a new one.
class Rollback : public Error {
  public:
    using Error::Error;
};

/// The chain of trust as a client has it, by the detailed client workflow (TUF 1.0.34, sections 5.3 to 5.6):
/// each update either holds in every respect or throws Error and leaves the object as it was. Bytes come from
/// anywhere. Pure: no I/O, no clock. Not shared between threads.
class Trust {
  public:
    /// `root` is trusted because it came with the board; it must still be signed by its own keys.
    Trust(std::string_view root, const std::string& what);

    /// 5.3: the next root, signed by the thresholds of the one before and of itself, one version on. True if
    /// it changes the keys of timestamp or snapshot: then what was kept of those must go (5.3.11).
    bool next_root(std::string_view bytes, const std::string& what);
    /// 5.3.10: the newest root must not have expired. Call it once no later root is to be had.
    void close_root(ClockReading moment) const;
    /// Metadata that a former visit left: it serves to notice roll-backs and is used again if still current.
    /// What no longer verifies is forgotten in silence.
    void remember_timestamp(std::string_view bytes);
    void remember_snapshot(std::string_view bytes);

    /// 5.4. True if it is a newer one; the version that is remembered keeps the remembered bytes in force.
    bool update_timestamp(std::string_view bytes, const std::string& what, ClockReading moment);
    /// Whether the remembered snapshot is the one that the timestamp names.
    [[nodiscard]] bool snapshot_current() const;
    /// The remembered snapshot stays in force.
    void keep_snapshot(ClockReading moment);
    /// 5.5
    void update_snapshot(std::string_view bytes, const std::string& what, ClockReading moment);
    /// What an earlier visit left of `role`, signed as `delegator` wants it; nothing if it is not.
    [[nodiscard]] std::optional<SeenTargets> seen_targets(const std::string& role,
                                                          const std::string& delegator,
                                                          std::string_view bytes) const;
    /// 5.6: `role` as `delegator` delegates to it (none for the top-level targets). `former` is what an
    /// earlier visit left: the same version must not come with other content.
    void update_targets(const std::string& role, const std::string& delegator, std::string_view bytes,
                        const std::optional<SeenTargets>& former, const std::string& what,
                        ClockReading moment);
    /// A role that was updated before through another delegator must be signed for this one too. `bytes` are
    /// those it was updated with, which are not held here.
    void confirm_targets(const std::string& role, const std::string& delegator, std::string_view bytes);

    [[nodiscard]] const Root& root() const { return root_; }
    [[nodiscard]] const Timestamp& timestamp() const { return *timestamp_; }
    [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }
    /// Role → its metadata, as far as updated; without the signed bytes, which are many.
    [[nodiscard]] const std::map<std::string, Targets>& targets() const { return targets_; }
    /// Whether `role` was verified as `delegator` wants it.
    [[nodiscard]] bool verified(const std::string& role, const std::string& delegator) const {
        return verified_.contains({role, delegator});
    }
    /// What attacks were noticed and survived: a timestamp with another content under its old version.
    [[nodiscard]] const std::vector<std::string>& alarms() const { return alarms_; }

  private:
    [[nodiscard]] const RoleKeys& keys_of(const std::string& role, const std::string& delegator) const;

    Root root_;
    std::optional<Timestamp> old_timestamp_, timestamp_;
    std::optional<Snapshot> old_snapshot_, snapshot_;
    std::string old_snapshot_bytes_;
    std::map<std::string, Targets> targets_;
    std::map<std::string, std::string> sha256_;  ///< of each one's signed bytes
    std::set<std::pair<std::string, std::string>> verified_;
    std::vector<std::string> alarms_;
};

}  // namespace riverlight::content
