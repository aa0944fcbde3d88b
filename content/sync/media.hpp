#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "content/channel/client.hpp"
#include "content/store/layout.hpp"
#include "content/store/space.hpp"
#include "content/sync/supply.hpp"
#include "content/sync/sync.hpp"

namespace riverlight::content {

/// The media of one visit: which are missing, whether there is room, in what order they come.
class MediaIntake {
  public:
    using Progress = std::function<void(const std::string&, std::uint64_t, std::uint64_t)>;
    using Wanted = std::map<std::string, MediaFile>;  ///< by sha256

    MediaIntake(const SyncOptions& options, Moment moment, Supply& supply, TufClient& client,
                const Progress& progress)
        : options_(options),
          moment_(moment),
          layout_{options.store_root},
          supply_(supply),
          client_(client),
          progress_(progress) {}

    /// What of `facts` airs at the place, and is not there yet: what a takeover needs first, then what airs
    /// soonest. Throws Error unless the signed list names each with these bytes and this hash.
    [[nodiscard]] std::vector<const MediaFile*> missing(const Wanted& wanted, const Facts& facts);

    /// Removes what was staged for other releases, and then media that `wanted` does not name as far as room
    /// is lacking for those of `missing`: never what is on air, nor what the former release airs within a
    /// day. Throws NoRoom before anything is fetched.
    void make_room(const std::vector<const MediaFile*>& missing, std::size_t from, std::size_t until,
                   const Wanted& wanted, const CurrentRelease& former);

    /// Fetches those from `from` up to `until`, in order: from boards nearby, or from the channel as far as
    /// `pace` (none: at once) lets it. What has to wait is counted.
    Waiting fetch(const std::vector<const MediaFile*>& missing, std::size_t from, std::size_t until,
                  const AskPace& pace);
    /// How many of what missing() gave belong to a takeover.
    [[nodiscard]] std::size_t urgent() const { return urgent_; }

  private:
    /// False where it has to wait.
    bool bring(const MediaFile& file);
    void purge_staging(const Wanted& wanted) const;
    [[nodiscard]] std::vector<Held> removable(const Wanted& wanted, const CurrentRelease& former) const;
    [[nodiscard]] Outlook former_outlook(const CurrentRelease& former, Facts& facts) const;
    [[nodiscard]] std::uint64_t staged(const MediaFile& file) const;

    const SyncOptions& options_;
    Moment moment_;
    StoreLayout layout_;
    Supply& supply_;
    TufClient& client_;
    const Progress& progress_;
    std::size_t urgent_ = 0;
    std::uint64_t total_ = 0, done_ = 0;
};

}  // namespace riverlight::content
