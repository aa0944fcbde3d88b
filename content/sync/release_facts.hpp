#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/sync/source_pool.hpp"
#include "content/sync/sync.hpp"

namespace riverlight::content {

/// The facts of the channel's newest release, fetched into the store and read. For one visit, on its thread.
class ReleaseFacts {
  public:
    /// `client` has verified the release; `role_faults` says which delegated roles did not verify, and why.
    /// `former`: the release that is current until now. All must outlive the object. Throws Error if a role
    /// that `former` depends on did not verify. Appends to `alarms` what is listed without the right to.
    ReleaseFacts(const SyncOptions& options, SourcePool& sources, const TufClient& client,
                 const std::map<std::string, std::string>& role_faults, const StoredRelease& former,
                 std::vector<std::string>& alarms);

    /// Fetches the newest clearances of the countries of `former`, and returns it under them. A country that
    /// signs no clearances any more has withdrawn all. Clearances that cannot be read change nothing, since
    /// nobody can say what they withdraw. Call it once, before anything else is fetched. Throws Error
    /// (network, disk).
    [[nodiscard]] StoredRelease under_newest_clearances();
    /// Whether all of them could be read.
    [[nodiscard]] bool clearances_read() const { return clearances_read_; }

    /// Fetches and reads all facts of the release, of the countries only the place's own. Adds them to `next`
    /// and `facts`. Returns why this board cannot play it: facts that cannot be read, no such place, or what
    /// SyncOptions::require_playable says; nothing if it can. Throws Error (network, disk).
    [[nodiscard]] std::optional<std::string> read(StoredRelease& next, Facts& facts);

    /// Fetches again what the store has lost of the facts of `former`, if the channel still has it: they are
    /// found by their hashes. For a board that refuses the newest release. Returns how many came.
    std::size_t restore();

  private:
    [[nodiscard]] bool is_selected(const std::string& country) const;
    void list(std::vector<std::string>& alarms);
    void take_countries_own(std::vector<std::string>& refused);
    [[nodiscard]] std::string fetch(const std::string& path, const FileFacts& facts);
    [[nodiscard]] std::optional<std::string> find_own_country(std::string& code);

    const SyncOptions& options_;
    SourcePool& sources_;
    const TufClient& client_;
    const std::map<std::string, std::string>& role_faults_;
    const StoredRelease& former_;
    StoreLayout layout_;
    std::map<std::string, FileFacts> named_;  ///< all that a role with the right to do so lists
    bool clearances_read_ = true;
};

}  // namespace riverlight::content
