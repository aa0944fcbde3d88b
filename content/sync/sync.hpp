#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "content/channel/trust.hpp"
#include "content/store/layout.hpp"
#include "content/store/space.hpp"
#include "content/sync/fetch.hpp"
#include "content/sync/standing.hpp"

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

    std::vector<std::string> mirrors;    ///< further bases of the same tree, tried after channel_url in turn
    std::shared_ptr<Standing> standing;  ///< of the sources, over several visits; none: of this one alone
    Outbound outbound;                   ///< proxy of the channel and its mirrors
    AskPace pace;  ///< for media that can wait; not for metadata, facts and what a takeover needs. None: open
    std::function<void(std::uint64_t bytes)>
        received;                               ///< bytes from the channel and its mirrors, as they come
    std::vector<std::string> nearby;            ///< bases `http://address:port` of boards that hand out media
    std::uint64_t nearby_bytes_per_second = 0;  ///< from each of them; 0: as fast as it goes
};

/// Media that the line's pace does not let come yet.
struct Waiting {
    std::size_t files = 0;
    std::uint64_t bytes = 0;  ///< of them, what is staged already taken off
};

struct SyncResult {
    bool changed = false;            ///< a new release is current, or what was missing of it has come
    std::string release;             ///< the current one
    std::uint64_t bytes = 0;         ///< bytes that crossed the line, headers too
    std::uint64_t bytes_nearby = 0;  ///< bytes from boards nearby
    Waiting waiting;  ///< then the former release stays the current one, under the new clearances
    Instant signed_until{};
    bool heard = false;  ///< the store now knows a later day on which the channel was heard: cleared longer
    std::vector<std::string> alarms;  ///< attacks or faults that were noticed and survived, as sentences
};

/// Brings the store to the channel's newest release: verifies root → timestamp → snapshot → targets → country
/// roles (TufClient), then fetches what is missing (Fetcher), and only when all of it is there moves
/// current.json. Where the pace lets nothing more come, the visit ends without a fault and `waiting` says
/// what is left. A source that fails or does not verify is left aside for the next. A country's files count
/// only from that country's own role. Blocking: run it on a worker thread. `progress` is called on that
/// thread. Throws Error (network down, bad signature; NoRoom, Expired, Rollback): the old release stands.
[[nodiscard]] SyncResult sync_channel(
    const SyncOptions& options, Moment moment,
    const std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace riverlight::content
