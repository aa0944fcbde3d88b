#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
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
    std::set<std::string> missing;  ///< media of the release that are not there: still to come (a takeover
                                    ///< does not wait for them), or damaged and removed. Their airings fail,
                                    ///< the rest plays

    /// Of localisations with a ladder, the pictures that lie here: what the place wants, and what it wanted
    /// once and nothing has removed yet.
    std::set<std::string> held{};

    [[nodiscard]] std::string path_of(const MediaFile& file) const {
        return media_folder + '/' + file.name();
    }
};

/// What a board holds. Owner: the daemon's loop thread.
///
/// Layout under `root`: `trust/` (TUF metadata, root first), `media/<sha256>.<ext>`, `targets/<sha256>`
/// (facts), `current.json` (the release that airs: names and hashes of its targets, written last and
/// atomically) and its copy, `staging/` (never read from), `heard.json`, `scrub.json`, `.lock`.
class Store {
  public:
    explicit Store(std::string root);
    /// The release named by current.json, every fact re-hashed on load, media checked for presence and size
    /// (their hashes were checked when they were taken in; scrub() reads them back): what fails is `missing`.
    /// Nothing if there is no release yet. Throws Error if its facts do not verify.
    [[nodiscard]] std::optional<ContentSet> load() const;
    /// The same, and every media file is hashed too: for a store that nobody reads back in idle time. What
    /// does not fit is `missing` and not `held`, and the locales and renditions that need it are left out of
    /// the catalogue: it lies there still, and must not be opened. Blocking, as long as reading all of it
    /// takes.
    [[nodiscard]] std::optional<ContentSet> load_whole() const;
    [[nodiscard]] const std::string& root() const { return root_; }

  private:
    std::string root_;
};

}  // namespace riverlight::content
