#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/base/instant.hpp"
#include "content/segment/country.hpp"
#include "content/store/layout.hpp"

namespace riverlight::content {

/// One verified release of a channel in a store: facts in memory, media on disk. Immutable once loaded; a new
/// release is a new object, so a plan never mixes two releases.
struct ContentSet {
    std::string release;     ///< snapshot version and hash: `17-3f2a90bc`
    Instant signed_until{};  ///< earliest expiry in the chain of trust; the release still plays after it
    Catalogue catalogue;
    std::map<std::string, std::string> schedules;  ///< name → JSON text, verified
    std::string media_folder;                      ///< contains <sha256>.<ext>
    /// Names of media files of the release that the store lacks: not downloaded yet, since a takeover does
    /// not wait for them, or damaged and removed. Their airings fail; the others play.
    std::set<std::string> missing;
    /// Names of the pictures in the store, of localisations with a ladder: the one for the place's screen,
    /// and former ones that have not been removed.
    std::set<std::string> held{};
    /// Paths of files that were found damaged, and of which the second copy was read instead.
    std::vector<std::string> damaged{};

    [[nodiscard]] std::string path_of(const MediaFile& file) const {
        return media_folder + '/' + file.name();
    }
};

/// Reads a board's store; layout.hpp says where its files are. For one thread, the daemon's loop.
class Store {
  public:
    explicit Store(std::string root);
    /// Loads a release; nothing if there is none yet. Reads each fact from whichever of its files has
    /// its hash, and verifies presence and size of the media (their hashes were verified by the download, and
    /// scrub() verifies them again later). Media that fail are `missing`. Throws Error if a fact does not
    /// verify.
    [[nodiscard]] std::optional<ContentSet> load(KeptRelease which = KeptRelease::current) const;
    /// Like load(), and verifies the hash of every media file too, for a store that is not scrubbed. Damaged
    /// files are `missing` and not `held`, and the catalogue lacks the locales and renditions that need them:
    /// the files still exist and must not be opened. Blocks while it reads all media.
    [[nodiscard]] std::optional<ContentSet> load_whole() const;
    [[nodiscard]] const std::string& root() const { return root_; }

  private:
    std::string root_;
};

}  // namespace riverlight::content
