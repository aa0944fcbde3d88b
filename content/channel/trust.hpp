#pragma once
#include <map>
#include <optional>
#include <string>

#include "content/channel/metadata.hpp"

namespace riverlight::content {

/// The chain of trust as a client has it, by the detailed client workflow (TUF 1.0.31, sections 5.3 to 5.6):
/// each update either holds in every respect or throws Error and leaves the object as it was. Bytes come from
/// anywhere, `now` from the caller's clock. Not shared between threads.
class Trust {
  public:
    /// `root` is trusted because it came with the board.
    Trust(std::string_view root, const std::string& what);

    /// 5.3: the next root, signed by the thresholds of the one before and of itself, one version on.
    void next_root(std::string_view bytes, const std::string& what);
    /// 5.3.10: the newest root must not have expired. Call it once no later root is to be had.
    void close_root(Instant now) const;
    /// Metadata that a former visit left: it only serves to notice roll-backs, so one that no longer verifies
    /// (its keys were rotated, 5.3.11) is forgotten in silence.
    void remember(std::string_view timestamp, std::string_view snapshot);

    /// 5.4. True if it is newer than the one remembered.
    bool update_timestamp(std::string_view bytes, const std::string& what, Instant now);
    /// 5.5
    void update_snapshot(std::string_view bytes, const std::string& what, Instant now);
    /// 5.6, the top-level targets first, then roles that it delegates to.
    void update_targets(const std::string& role, std::string_view bytes, const std::string& what,
                        Instant now);

    [[nodiscard]] const Root& root() const { return root_; }
    [[nodiscard]] const Timestamp& timestamp() const { return *timestamp_; }
    [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }
    /// Role → its metadata, as far as updated.
    [[nodiscard]] const std::map<std::string, Targets>& targets() const { return targets_; }
    [[nodiscard]] const Delegation* delegation(const std::string& role) const;
    /// What vouches for a path: the top-level targets, or the first delegation whose pattern takes it in.
    /// Null if none does.
    [[nodiscard]] const FileFacts* find(const std::string& path) const;
    [[nodiscard]] Instant expires() const;  ///< the earliest in the chain

  private:
    Root root_;
    std::optional<Timestamp> old_timestamp_, timestamp_;
    std::optional<Snapshot> old_snapshot_, snapshot_;
    std::map<std::string, Targets> targets_;
};

}  // namespace riverlight::content
