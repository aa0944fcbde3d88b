#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "content/base/instant.hpp"
#include "content/segment/country.hpp"

namespace riverlight::content {

/// One whole, verified release of a channel as it lies in a store: facts in memory, media on disk. Immutable
/// once loaded; the next release is another object, so a plan never sees half of two.
struct ContentSet {
    std::string release;     ///< snapshot version and hash: `17-3f2a90bc`
    Instant signed_until{};  ///< earliest expiry in the chain: after it the set is stale, and still plays
    Catalogue catalogue;
    std::map<std::string, std::string> schedules;  ///< name → JSON text, verified
    std::string media_folder;                      ///< files lie at <media_folder>/<sha256>.<ext>

    [[nodiscard]] std::string path_of(const MediaFile& file) const {
        return media_folder + '/' + file.name();
    }
};

/// What a board holds. Owner: the daemon's loop thread.
///
/// Layout under `root`: `trust/` (TUF metadata, root first), `media/<sha256>.<ext>`, `targets/<sha256>`
/// (facts), `current.json` (the release that airs: names and hashes of its targets, written last and
/// atomically), `staging/` (never read from).
class Store {
  public:
    explicit Store(std::string root);
    /// The release named by current.json, every fact re-hashed on load, media checked for presence and size
    /// (their hashes were checked when they were taken in; a scrub re-reads them). Nothing if there is none
    /// yet. Throws Error if what is there does not verify.
    [[nodiscard]] std::optional<ContentSet> load() const;
    [[nodiscard]] const std::string& root() const { return root_; }

  private:
    std::string root_;
};

}  // namespace riverlight::content
