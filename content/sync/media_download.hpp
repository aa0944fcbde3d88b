#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/store/space.hpp"
#include "content/sync/source_pool.hpp"
#include "content/sync/sync.hpp"

namespace riverlight::content {

/// Downloads the media of one visit: finds what is missing, makes room, and fetches in order of need.
class MediaDownload {
  public:
    using Progress = std::function<void(const std::string&, std::uint64_t, std::uint64_t)>;
    using DownloadList = std::map<std::string, MediaFile>;  ///< by SHA-256

    MediaDownload(const SyncOptions& options, UpdateTime clock, SourcePool& sources, TufClient& client,
                  const Progress& progress)
        : options_(options),
          clock_(clock),
          layout_{options.store_root},
          sources_(sources),
          client_(client),
          progress_(progress) {}

    /// The files of `list` that the store lacks: first those of a takeover, then by the time they air next.
    /// Throws Error unless the channel's signed list has each with the same length and hash.
    [[nodiscard]] std::vector<const MediaFile*> find_missing(const DownloadList& list, const Facts& facts);

    /// Removes staged files of other releases. Then, if missing[from, until) does not fit, removes media that
    /// `list` lacks, those of the last good release only if nothing else makes room, but never what is on air
    /// or what the former release airs within a day. Throws NoRoom before anything is downloaded.
    void make_room(const std::vector<const MediaFile*>& missing, std::size_t from, std::size_t until,
                   const DownloadList& list, const StoredRelease& former);

    /// Downloads missing[from, until) in order, from boards nearby or from the channel, as far as `limit`
    /// (none: no limit) allows. Returns what it had to leave for later.
    DeferredMedia fetch(const std::vector<const MediaFile*>& missing, std::size_t from, std::size_t until,
                        const GetBandwidthLimit& limit);
    /// Downloads what the store has lost of a release that it took before, as far as `limit` allows. Returns
    /// how many files came. Throws Error if the channel has one no longer.
    std::size_t restore(const StoredRelease& release, const GetBandwidthLimit& limit);
    /// How many files at the front of find_missing()'s result belong to a takeover.
    [[nodiscard]] std::size_t urgent() const { return urgent_; }

  private:
    /// False if the bandwidth limit does not allow it now.
    bool fetch_one(const MediaFile& file);
    void purge_staging(const DownloadList& list) const;
    [[nodiscard]] std::vector<StoredFile> list_removable(const DownloadList& list,
                                                         const StoredRelease& former) const;
    [[nodiscard]] std::vector<StoredFile> choose_removed(const DownloadList& list,
                                                         const StoredRelease& former,
                                                         std::uint64_t wanted) const;
    [[nodiscard]] std::optional<std::map<std::string, Instant>> former_due_times(
        const StoredRelease& former) const;
    [[nodiscard]] std::uint64_t staged(const MediaFile& file) const;

    const SyncOptions& options_;
    UpdateTime clock_;
    StoreLayout layout_;
    SourcePool& sources_;
    TufClient& client_;
    const Progress& progress_;
    std::size_t urgent_ = 0;
    std::uint64_t total_ = 0, done_ = 0;
};

}  // namespace riverlight::content
