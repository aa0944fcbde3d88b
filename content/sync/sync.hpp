#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "content/channel/trust.hpp"
#include "content/store/layout.hpp"
#include "content/store/refusal.hpp"
#include "content/store/space.hpp"
#include "content/sync/fetch.hpp"
#include "content/sync/mirror_health.hpp"
#include "content/update/waves.hpp"

namespace riverlight::content {

/// When a release's segments air at the board's place, according to its plan.
struct AirTimes {
    std::map<std::string, Instant> next;  ///< by segment: the next airing; in the past if on air now
    std::set<std::string> takeovers;      ///< segments of takeovers that are active or start soon
};

/// What keeps an update of the board's system away.
enum class ImageFault : std::uint8_t {
    unreachable,  ///< no source has it
    unusable,     ///< not signed as it must be, of another kind of board, or it cannot be read
    no_room,      ///< the disk is too small for it beside the programme
    disk          ///< the disk cannot be written
};
struct ImageTrouble {
    ImageFault kind = ImageFault::unreachable;
    std::string why;  ///< for people, to follow a colon
    friend bool operator==(const ImageTrouble&, const ImageTrouble&) = default;
};
/// What an error of the visit means for the update.
[[nodiscard]] ImageTrouble image_trouble_of(const Error& fault);

/// What a board asks of its channel for its own system.
struct SystemImageRequest {
    std::string compatible;  ///< the kind of board
    /// Which of the waves this board is to have the bundle of now; none: of none. Called on the visit's
    /// thread.
    std::function<std::optional<Wave>(const Waves&)> choose;
    /// Whether a bundle stays that is here and not wanted now, since its wave is held. On the same thread.
    std::function<bool(const Wave&)> keeps;
};

/// Settings of one visit. More than 12 members: each is one independent setting of a board or a test.
struct SyncOptions {
    std::string
        channel_url;  ///< base of the tree, http(s):// or file://: `<url>/metadata/…`, `<url>/targets/…`
    std::string store_root;
    std::string trusted_root;            ///< path of the root.json to trust while the store has none
    std::vector<std::string> countries;  ///< lower-case country roles whose facts to fetch; empty: all
    /// If set: fetches facts of this place's country and the PMO only, and only media that its schedule can
    /// air. Once the store has a release, the place's country does not change.
    std::string place;
    bool facts_only = false;                    ///< no media: for an office, which only plans
    std::string ca_file;                        ///< private certificate authority; empty: the system's
    std::uint64_t media_cap = 4ULL << 30;       ///< largest single media file, bytes
    int low_speed_bytes = 64;                   ///< a transfer below this many bytes a second …
    std::chrono::seconds low_speed_period{30};  ///< … for this long is given up
    std::optional<std::uint64_t>
        quota;  ///< most bytes of media, staging and images; none: the disk is the limit
    std::chrono::seconds lock_timeout{60};  ///< how long to wait for another writer of the store
    /// Plans a release, on the visit's thread: decides what to download first and what to remove last. If
    /// empty, media come in any order, and none of the current release are removed.
    std::function<AirTimes(const Facts&)> air_times;
    /// Throws Error, on the visit's thread, for a release that this board could not play: it is refused, and
    /// the former release plays on under its clearances. Called once for each new release, before any media
    /// are fetched. Empty: every release that can be read is taken.
    std::function<void(const Facts&)> require_playable;
    /// The release with which this run of the board began, without what newer clearances added to its name,
    /// once the start has proved stable; empty before. If it is still current, the one before it need not be
    /// kept any longer.
    std::string survived;
    std::set<std::string> in_use;  ///< names of media files that players have open or are about to open
    /// Called on the visit's thread when current.json changed while media are still to come: the former
    /// release under new clearances, or the new release because of a takeover.
    std::function<void()> on_early;

    /// Called on the visit's thread with the path of each file of the store that is found damaged or gone and
    /// has a second copy, before it is written again.
    std::function<void(const std::string& path)> on_damage;

    std::vector<std::string> mirrors;             ///< further bases of the same tree, tried after channel_url
    std::shared_ptr<MirrorHealth> mirror_health;  ///< shared by several visits; empty: this visit has its own
    ProxySettings proxy;                          ///< for the channel and its mirrors
    /// Applies to media that can wait, not to metadata, facts and a takeover's media. Empty: no limit.
    GetBandwidthLimit bandwidth_limit;
    /// True once it is time for the next look at the metadata: media stop arriving, at any speed of their
    /// source, stay in staging, and are `deferred`. Called on the visit's thread. Empty: never.
    std::function<bool()> media_time_over;
    std::function<void(std::uint64_t bytes)> received;  ///< called as bytes arrive from channel and mirrors
    /// Also asks for what the office signed of its list, which stands beside the metadata (content/audit).
    bool wants_tree_head = false;
    std::optional<SystemImageRequest> image;    ///< none: the board's system is not updated by the channel
    std::vector<std::string> nearby;            ///< bases `http://address:port` of boards that share media
    std::uint64_t nearby_bytes_per_second = 0;  ///< from each of them; 0: no limit
};

/// Media that the bandwidth limit leaves for a later visit.
struct DeferredMedia {
    std::size_t files = 0;
    std::uint64_t bytes = 0;  ///< still to come, without what is in staging already
};

/// What a visit did for the board's own system.
struct ImageResult {
    DeferredMedia left;  ///< of its bundle, for a later visit
    std::optional<ImageTrouble>
        trouble;  ///< why the bundle, or what the channel says of it, did not come; none: it did
};

struct SyncResult {
    bool changed = false;            ///< a new release is current, or missing media of it have arrived
    std::string release;             ///< the channel's newest release
    std::uint64_t bytes = 0;         ///< received from channel and mirrors, with headers
    std::uint64_t bytes_nearby = 0;  ///< received from boards nearby
    DeferredMedia deferred;          ///< if any: the former release stays current, under the new clearances
    std::optional<ReleaseRefusal> refused;  ///< the newest release; the same then
    ImageResult image{};                    ///< of the board's own system
    Instant signed_until{};
    std::optional<Instant> made{};    ///< when the channel's timestamp was signed
    std::string tree_head{};          ///< the bytes, not verified: the office signs it; empty: not there
    bool later_contact = false;       ///< the day of the last contact moved on, which extends `offline_days`
    std::vector<std::string> alarms;  ///< attacks or faults that were noticed and survived, as sentences
};

/// Brings the store to the channel's newest release: verifies root → timestamp → snapshot → targets → country
/// roles (TufClient), downloads what is missing (Fetcher), and makes it current only when all of it is there,
/// has been read, and can be played here; else returns normally with `refused` set. If the bandwidth limit or
/// media_time_over does not allow all downloads, returns normally with `deferred` set. A source
/// that fails or does not verify is suspended and the next one tried. A country's files are accepted only
/// from that country's own role. Blocks; run it on a worker thread, which also calls `progress`. Throws Error
/// (network down, bad signature; NoRoom, Expired, Rollback), and then the former release stays current.
[[nodiscard]] SyncResult sync_channel(
    const SyncOptions& options, UpdateTime clock,
    const std::function<void(const std::string& what, std::uint64_t done, std::uint64_t total)>& progress);

}  // namespace riverlight::content
