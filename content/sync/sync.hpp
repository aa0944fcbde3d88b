#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "content/channel/trust.hpp"
#include "content/store/layout.hpp"
#include "content/store/space.hpp"

namespace riverlight::content {

/// What the plan makes of a release at the board's place.
struct Outlook {
    std::map<std::string, Instant> next;  ///< by segment: when it airs next; on air now: in the past
    std::set<std::string> takeovers;      ///< segments of a takeover that is on or about to be
};

struct SyncOptions {
    std::string channel_url;  ///< base of the tree: `<url>/metadata/…`, `<url>/targets/…`; http(s):// or
                              ///< file:// (a stick, tests)
    std::string store_root;
    std::string trusted_root;  ///< path of the root.json that the board was made with; used when the store
                               ///< has none yet
    std::vector<std::string> countries;  ///< lower-case country roles whose facts are wanted; empty: all
    std::string
        place;  ///< where given: facts of this place's country and the PMO only, and only media that
                ///< its schedule can air. Once a release is there, the place's country stays what it is
    bool facts_only = false;               ///< no media: for an office, which only plans
    std::string ca_file;                   ///< private CA; empty: the system's
    std::uint64_t media_cap = 4ULL << 30;  ///< largest single media file
    int low_speed_bytes = 64;              ///< give a transfer up below this many bytes a second …
    int low_speed_seconds = 30;            ///< … for this long
    std::uint64_t quota = 0;               ///< most bytes of media and staging; 0: the disk alone limits
    int lock_seconds = 60;                 ///< wait so long for another who writes the store
    /// Plans a release, on the visit's thread: decides what is fetched first and what goes last. None: no
    /// order is known, and nothing of the release that plays gives way.
    std::function<Outlook(const Facts&)> outlook;
    std::set<std::string> in_use;  ///< media file names that players have, or are about to open
    /// Called on the visit's thread when the store holds something newer while media are still to come: the
    /// former release under new clearances, or the new one because of a takeover.
    std::function<void()> on_early;
};

struct SyncResult {
    bool changed = false;     ///< a new release is current, or what was missing of it has come
    std::string release;      ///< the current one
    std::uint64_t bytes = 0;  ///< bytes that crossed the line
    Instant signed_until{};
    bool heard = false;  ///< the store now knows a later day on which the channel was heard: cleared longer
    std::vector<std::string> alarms;  ///< attacks or faults that were noticed and survived, as sentences
};

/// Brings the store to the channel's newest release: verifies root → timestamp → snapshot → targets → country
/// roles (TufClient), then fetches what is missing (Fetcher), and only when all of it is there moves
/// current.json. A country's files count only from that country's own role. Blocking: run it on a worker
/// thread. `progress` is called on that thread. Throws Error (network down, bad signature; NoRoom, Expired,
/// Rollback): the old release stands.
[[nodiscard]] SyncResult sync_channel(
    const SyncOptions& options, Moment moment,
    const std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace riverlight::content
